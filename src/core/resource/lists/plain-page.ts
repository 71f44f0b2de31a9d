import type { Dialect, Row, SqlValue } from '../../database/sql.js';
import type { Units } from '../../database/units.js';
import { allOf, type Clause } from '../../table/clause.js';
import { afterCursor, type Cursor } from './cursor.js';
import { comparable } from './filters.js';
import { amongSeveral, asRange } from './one-value.js';
import type { SortKey } from './query-parts.js';

/** What is read of a list in the order of its columns. */
export interface PlainRead {
  table: string;
  columns: string;
  clauses: Clause[];
  sort: SortKey[];
  skip: number;
  /** A page is looked for along the index of its order first; see `seesMany`. */
  walks: boolean;
  dialect: Dialect;
  run: (text: string, values: SqlValue[]) => Promise<Row[]>;
}

/** Whoever sees fewer rows than this has them sorted in no time. */
const MANY = 5_000;
/** Rows of an order that are looked through for those that one sees: as long as it takes to sort `MANY`. */
const WALKED = 10_000;

/** Rows in the order of columns, and of ids in the end. */
export async function readPlain(read: PlainRead, cursor: Cursor | undefined, limit: number): Promise<Row[]> {
  const { sort, table, dialect } = read;
  // A part that goes on after another begins at its cursor.
  const skip = cursor ? 0 : read.skip;
  const order = sort.map(key => `${comparable(key.field, table, dialect)}${key.descending ? ' DESC' : ''}`);
  const byId = dialect === 'mariadb' && sort.length === 1;
  const stretches = cursor ? afterCursor(sort, cursor, table, dialect) : [];
  const among = byId ? await amongSeveral({ ...read, skip }, order, stretches, limit) : undefined;
  if (among) return among;
  if (!cursor) return readStretch(read, [], order, limit, skip);
  const ranged = { ...read, order, ...(byId ? asRange(read.clauses, order) : {}) };
  const rows: Row[] = [];
  for (const stretch of stretches) {
    rows.push(...(await readStretch(ranged, [stretch], ranged.order, limit - rows.length)));
    if (rows.length === limit) break;
  }
  return rows;
}

async function readStretch(
  { table, columns, clauses, walks, run }: PlainRead,
  stretch: Clause[],
  order: string[],
  limit: number,
  skip = 0,
): Promise<Row[]> {
  const by = `ORDER BY ${order.join(', ')}`;
  const tail = `${by} LIMIT ${limit}${skip > 0 ? ` OFFSET ${skip}` : ''}`;
  if (walks) {
    const next = allOf(stretch);
    const { sql, values } = allOf(clauses);
    const along = `FROM ${table} WHERE ${next.sql} ${by} LIMIT`;
    const from = `(SELECT * ${along} ${WALKED}) ${table}`;
    const rows = await run(`SELECT ${columns} FROM ${from} WHERE ${sql} ${tail}`, [
      ...next.values,
      ...values,
    ]);
    if (rows.length === limit) return rows;
    // Were these all that there are? With room for what somebody deletes in between.
    const [further] = await run(`SELECT 1 ${along} 1 OFFSET ${WALKED / 2}`, next.values);
    if (!further) return rows;
  }
  const { sql, values } = allOf([...clauses, ...stretch]);
  return run(`SELECT ${columns} FROM ${table} WHERE ${sql} ${tail}`, values);
}

/**
 * Whether someone sees so many rows of a table, by a condition on their client, that these are not to be found and
 * sorted for each page: SQLite would, where MariaDB weighs it against the index of the order.
 */
export async function seesMany({ sql }: Units, table: string, seen: Clause): Promise<boolean> {
  if (sql.dialect !== 'sqlite') return false;
  const text = `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${table} WHERE ${seen.sql} LIMIT ${MANY}) seen`;
  const [found] = await sql.scan<{ n: number }>(text, seen.values);
  return found?.n === MANY;
}
