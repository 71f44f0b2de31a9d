import { connectionOf } from '../configuration.js';
import { userDoor } from '../session/as-user.js';
import { hasSession } from '../session/connection.js';
import { type Door, requiredConnection } from '../server/server.js';

/**
 * How the memory is reached: with the token that is configured for it, as hooks do; without one, by the session of the
 * user. What assistants start (hooks, `mcp`) never takes the session, which may do all that the user may.
 *
 * @throws ClientError when there is neither
 */
export async function memoryDoor(): Promise<Door & { token: string }> {
  const { url, token } = connectionOf();
  return (!url || !token) && hasSession() ? userDoor() : requiredConnection();
}
