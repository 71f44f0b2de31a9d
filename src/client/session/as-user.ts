import { ask, type Wanted } from '../server/server.js';

/**
 * Asks the server as the user of this machine.
 *
 * @throws ClientError as `ask`
 */
export const askAsUser = <T>(wanted: Wanted): Promise<T> => ask<T>(wanted);
