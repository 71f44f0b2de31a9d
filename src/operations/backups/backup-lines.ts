import { FormatError } from '../../formats/format-error.js';
import type { SqlValue } from '../../core/database/sql.js';
import type { BackupMigrations, BackupPart, BackupTable, Counts } from './backup-format.js';

/** A stored value in JSON: integers that a number cannot hold are digits. */
function encoded(value: SqlValue): string | number | null {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'object' && value !== null) throw new TypeError('No column holds bytes');
  return value;
}

/** The lines of a backup, by which each part of it is known. */
export const lineOf = {
  migrations: (migrations: BackupMigrations) => JSON.stringify({ migrations }),
  table: (table: BackupTable) => JSON.stringify(table),
  row: (row: SqlValue[]) => JSON.stringify(row.map(encoded)),
  tableEnd: (rows: number) => JSON.stringify({ rows }),
  end: (counts: Counts) => JSON.stringify({ end: counts }),
};

const strange = (line: number, why: string) => new FormatError(`its line ${line} ${why}`);

/**
 * The parts of a backup; with the last of them each table is known to be whole, and so is the backup.
 *
 * @throws FormatError for lines that are none of a backup, or missing
 */
export async function* readParts(source: AsyncIterable<Uint8Array>): AsyncGenerator<BackupPart, Counts> {
  let table: BackupTable | undefined;
  let rows = 0;
  let number = 0;
  const counts: Counts = { tables: 0, rows: 0 };
  let ended = false;
  for await (const line of linesOf(source)) {
    number++;
    if (ended) throw strange(number, 'comes after the end');
    if (table && line.startsWith('[')) {
      const row = JSON.parse(line) as SqlValue[];
      if (row.length !== table.columns.length) throw strange(number, `is no row of ${table.table}`);
      rows++;
      yield { part: 'row', row };
      continue;
    }
    const said = JSON.parse(line) as Partial<BackupTable> & {
      migrations?: BackupMigrations;
      rows?: number;
      end?: Counts;
    };
    if (number === 1 && said.migrations) yield { part: 'migrations', migrations: said.migrations };
    else if (table && said.rows === rows) {
      counts.tables++;
      counts.rows += rows;
      table = undefined;
    } else if (!table && number > 1 && isTable(said)) {
      table = said;
      rows = 0;
      yield { part: 'table', table };
    } else if (!table && said.end?.tables === counts.tables && said.end.rows === counts.rows) ended = true;
    else throw strange(number, 'is not what has to come there');
  }
  if (!ended) throw new FormatError('it has no end');
  return counts;
}

/** Names go into statements as they are. */
const NAME = /^[a-z]\w{0,63}$/;

function isTable(said: Partial<BackupTable>): said is BackupTable {
  const { database = '', table = '', columns = [] } = said;
  return (
    ['main', 'keystore'].includes(database) &&
    [table, ...columns.map(([name]) => name)].every(name => NAME.test(name)) &&
    columns.length > 0
  );
}

const NEW_LINE = 0x0a;

/** Lines of UTF-8; what follows the last line's end is lost, which the end of a backup has. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let waiting: Uint8Array[] = [];
  for await (const piece of source) {
    let from = 0;
    for (let to = piece.indexOf(NEW_LINE); to >= 0; to = piece.indexOf(NEW_LINE, from)) {
      waiting.push(piece.subarray(from, to));
      yield Buffer.concat(waiting).toString('utf8');
      waiting = [];
      from = to + 1;
    }
    if (from < piece.length) waiting.push(piece.subarray(from));
  }
  if (waiting.length > 0) throw new FormatError('its last line is cut');
}
