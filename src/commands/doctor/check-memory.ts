import type { Sql } from '../../core/database/sql.js';
import { resourceOf } from '../../core/resource/resource.js';
import { SOURCES } from '../../memory/recall/sources.js';
import { fault, type Finding, orOk } from './finding.js';
import type { Patient } from './patient.js';
import { rowsIn } from './rows-in.js';

const AREA = 'memory';
const ANEW = "DELETE FROM recall_terms WHERE term = ' version'; the next start makes the index anew";

/** Rows that recall does not find, since they have no entry, and entries of rows that are gone. */
async function outOfStep(sql: Sql): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { type } of SOURCES) {
    const { name, table } = resourceOf(type);
    const unknown = `FROM ${table} one WHERE NOT EXISTS (SELECT 1 FROM recall_entries entry WHERE entry.row_id = one.id)`;
    for (const which of await rowsIn(sql, unknown, 'row'))
      found.push(fault(AREA, `${table}: ${which} that recall does not find`, ANEW));
    const ofNone = `kind = '${name}' AND NOT EXISTS (SELECT 1 FROM ${table} one WHERE one.id = row_id)`;
    for (const which of await rowsIn(sql, `FROM recall_entries WHERE ${ofNone}`, 'entry', 'row_id'))
      found.push(
        fault(
          AREA,
          `recall_entries: ${which} of ${table} whose row is gone`,
          `DELETE FROM recall_entries WHERE ${ofNone}`,
        ),
      );
  }
  const key = sql.dialect === 'sqlite' ? 'rowid' : 'n';
  const withoutTerms = `FROM recall_entries one WHERE NOT EXISTS (SELECT 1 FROM recall_index terms WHERE terms.${key} = one.n)`;
  for (const which of await rowsIn(sql, withoutTerms, 'entry', 'one.row_id'))
    found.push(fault(AREA, `recall_entries: ${which} without terms`, ANEW));
  return found;
}

/** Events whose keys are taken, and that became nothing: who sends one again hears that it is stored. */
async function unfinished(sql: Sql): Promise<Finding[]> {
  const claims = 'FROM memory_events one WHERE resource IS NULL OR row_id IS NULL';
  return (await rowsIn(sql, claims, 'event')).map(which =>
    fault(
      AREA,
      `memory_events: ${which} taken, of which nothing was made`,
      'DELETE FROM memory_events WHERE resource IS NULL OR row_id IS NULL; what is sent again is stored then',
    ),
  );
}

/** Whether recall finds every row of the memory, and every event that was taken became one. */
export async function checkMemory({ main }: Patient): Promise<Finding[]> {
  const { reader } = main.connections;
  const found = [...(await outOfStep(reader)), ...(await unfinished(reader))];
  return orOk(AREA, 'Recall finds every row of the memory, and every event that was taken became one', found);
}
