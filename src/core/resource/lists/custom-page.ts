import type { Dialect, Row, SqlValue } from '../../database/sql.js';
import { allOf, type Clause } from '../../table/clause.js';
import { afterValue, fromIndex, VALUES } from '../custom/custom-column.js';
import type { AlongIndex } from '../custom/custom-column.js';
import type { Cursor } from './cursor.js';

/** What is read of a list along the index of a custom field. */
export interface CustomRead {
  table: string;
  columns: string;
  clauses: Clause[];
  along: AlongIndex;
  descending: boolean;
  skip: number;
  dialect: Dialect;
  run: (text: string, values: SqlValue[]) => Promise<Row[]>;
}

/** The name of a row's value among its columns. */
export const VALUE = 'custom_value';

/** Rows in the order of a custom field, those without a value last; or rows with one value, in the order of ids. */
export async function readAlong(read: CustomRead, cursor: Cursor | undefined, limit: number): Promise<Row[]> {
  const { along, descending } = read;
  const beyond = along.isOrder && cursor?.[0] === null;
  const skip = cursor ? 0 : read.skip;
  const rows = beyond ? [] : await readValued(read, cursor, limit, skip);
  if (!along.withMissing || rows.length >= limit) return rows;
  const id = beyond ? (cursor?.[1] ?? null) : null;
  // Of rows to skip, those with a value come first.
  const left = skip > 0 && rows.length === 0 ? Math.max(0, skip - (await countValued(read))) : 0;
  const after = id === null ? [] : [{ sql: `${read.table}.id ${descending ? '<' : '>'} ?`, values: [id] }];
  const missing = {
    sql: `NOT EXISTS (SELECT 1 FROM ${VALUES} WHERE ${VALUES}.definition_id = ? AND ${VALUES}.row_id = ${read.table}.id)`,
    values: [along.custom.definition_id],
  };
  const { sql, values } = allOf([...read.clauses, missing, ...after]);
  const order = `ORDER BY ${read.table}.id${descending ? ' DESC' : ''} LIMIT ${limit - rows.length}`;
  const offset = left > 0 ? ` OFFSET ${left}` : '';
  const text = `SELECT ${read.columns}, NULL AS ${VALUE} FROM ${read.table} WHERE ${sql} ${order}${offset}`;
  return [...rows, ...(await read.run(text, values))];
}

async function readValued(
  { table, columns, clauses, along, descending, dialect, run }: CustomRead,
  cursor: Cursor | undefined,
  limit: number,
  skip: number,
): Promise<Row[]> {
  const { column } = along.custom;
  const index = fromIndex(table, along, dialect);
  const id = cursor?.at(-1) ?? null;
  const after: Clause[] = !cursor
    ? []
    : along.isOrder
      ? [afterValue(column, descending, cursor[0] ?? null, id, dialect)]
      : [{ sql: `${VALUES}.row_id ${descending ? '<' : '>'} ?`, values: [id] }];
  const { sql, values } = allOf([...index.clauses, ...clauses, ...after]);
  const direction = descending ? ' DESC' : '';
  const keys = [...(along.isOrder ? [column] : []), 'row_id'].map(one => `${VALUES}.${one}${direction}`);
  const text =
    `SELECT ${columns}, ${VALUES}.${column} AS ${VALUE} FROM ${index.from} WHERE ${sql} ` +
    `ORDER BY ${keys.join(', ')} LIMIT ${limit}${skip > 0 ? ` OFFSET ${skip}` : ''}`;
  return run(text, values);
}

async function countValued({ table, clauses, along, dialect, run }: CustomRead): Promise<number> {
  const index = fromIndex(table, along, dialect);
  const { sql, values } = allOf([...index.clauses, ...clauses]);
  const [found] = await run(`SELECT COUNT(*) AS n FROM ${index.from} WHERE ${sql}`, values);
  return Number(found?.n ?? 0);
}
