import { COLUMN_KINDS } from '../../database/column-kinds.js';
import type { Dialect, SqlValue } from '../../database/sql.js';
import type { FieldSpec } from '../../table/field-spec.js';
import { comparable } from './filters.js';
import type { SortKey } from './query-parts.js';
import type { Clause } from '../../table/clause.js';

/** Where a page ended: the values of the sort keys of its last row, as the database stores them. */
export type Cursor = (string | number | null)[];

const order = (sort: SortKey[]) => sort.map(key => `${key.descending ? '-' : ''}${key.field.name}`).join(',');

/** Opaque text for `next`: base64url of JSON [order, ...values]. */
export function encodeCursor(sort: SortKey[], values: Cursor): string {
  return Buffer.from(JSON.stringify([order(sort), ...values])).toString('base64url');
}

/** Whether a field could be stored so. */
function isStored(field: FieldSpec, value: unknown): boolean {
  return value === null ? field.nullable : COLUMN_KINDS[field.column.kind].isStored(value);
}

/** Undefined when the text is not a cursor of this order. */
export function decodeCursor(text: string, sort: SortKey[]): Cursor | undefined {
  if (text.length > 4000) return undefined;
  try {
    const [said, ...values] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    if (said !== order(sort) || values.length !== sort.length) return undefined;
    return sort.every((key, at) => isStored(key.field, values[at])) ? (values as Cursor) : undefined;
  } catch {
    return undefined;
  }
}

/** NULLs come first in ascending order on both databases, so "after" has four forms. */
function after(column: string, descending: boolean, value: SqlValue): Clause {
  if (value === null) return { sql: descending ? '1 = 0' : `${column} IS NOT NULL`, values: [] };
  if (!descending) return { sql: `${column} > ?`, values: [value] };
  return { sql: `(${column} < ? OR ${column} IS NULL)`, values: [value] };
}

function equal(column: string, value: SqlValue): Clause {
  return value === null
    ? { sql: `${column} IS NULL`, values: [] }
    : { sql: `${column} = ?`, values: [value] };
}

/** The rows that come after the cursor: (a after) or (a equal and (b after or …)). */
export function afterCursor(sort: SortKey[], cursor: Cursor, table: string, dialect: Dialect): Clause {
  const [key, ...rest] = sort;
  if (!key) return { sql: '1 = 0', values: [] };
  const column = comparable(key.field, table, dialect);
  const value = cursor[0] ?? null;
  // id is never null: a bare comparison lets the default order run along the primary key.
  const isId = key.field.name === 'id';
  const beyond = isId
    ? { sql: `${column} ${key.descending ? '<' : '>'} ?`, values: [value] }
    : after(column, key.descending, value);
  if (rest.length === 0) return beyond;
  const same = equal(column, value);
  const deeper = afterCursor(rest, cursor.slice(1), table, dialect);
  return {
    sql: `(${beyond.sql} OR (${same.sql} AND ${deeper.sql}))`,
    values: [...beyond.values, ...same.values, ...deeper.values],
  };
}
