import type { Sql } from '../../core/database/sql.js';
import { type Finding, warning } from './finding.js';
import { rowsIn } from './rows-in.js';

/** Off-boardings that were cut off: secrets of the client may still be there. One that runs right now ends in moments. */
export async function unfinishedOffboardings(sql: Sql): Promise<Finding[]> {
  const from = 'FROM offboardings one WHERE finished_at IS NULL';
  return (await rowsIn(sql, from, 'client', 'one.client_id')).map(which =>
    warning(
      'rows',
      `The off-boarding of ${which} was begun and has not ended`,
      'Ask for it again, POST /api/clients/{id}/offboard: it goes on where it was cut off',
    ),
  );
}
