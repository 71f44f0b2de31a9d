import type { LookupFunction } from 'node:net';
import { RefusedDestinationError } from './reasons.js';

export interface Found {
  address: string;
  family: number;
}

/** Every address of a name. */
export type Resolve = (host: string) => Promise<Found[]>;

/**
 * Looks a name up for a connection that is being made, which goes to the very addresses that are checked here: another
 * answer a moment later (DNS rebinding) is never asked for. One address that is refused refuses all.
 */
export function guardedLookup(mayReach: (address: string) => boolean, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      found => {
        const [first] = found;
        if (!first || !found.every(one => mayReach(one.address)))
          return callback(
            new RefusedDestinationError('its name leads to an address that is not public'),
            '',
            0,
          );
        if (options.all) return callback(null, found);
        callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
