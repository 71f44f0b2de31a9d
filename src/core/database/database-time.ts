import type { Dialect } from './sql.js';

/** The database's time in a statement, so that the clocks of hosts need not agree; as `encodeMoment` writes it. */
export function databaseTime(dialect: Dialect, secondsAgo = 0): string {
  return dialect === 'sqlite'
    ? `strftime('%Y-%m-%d %H:%M:%f', 'now', '${-secondsAgo} seconds')`
    : `UTC_TIMESTAMP(3) - INTERVAL ${secondsAgo} SECOND`;
}
