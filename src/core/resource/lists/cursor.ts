import { COLUMN_KINDS } from '../../database/column-kinds.js';
import type { Dialect, SqlValue } from '../../database/sql.js';
import type { FieldSpec } from '../../table/field-spec.js';
import { comparable } from './filters.js';
import type { SortKey } from './query-parts.js';
import { allOf, type Clause } from '../../table/clause.js';

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

/** NULLs come first in ascending order on both databases, so "after" has several forms. */
function after(column: string, { field, descending }: SortKey, value: SqlValue): Clause {
  if (value === null) return { sql: descending ? '1 = 0' : `${column} IS NOT NULL`, values: [] };
  if (!descending) return { sql: `${column} > ?`, values: [value] };
  const less = `${column} < ?`;
  return { sql: field.nullable ? `(${less} OR ${column} IS NULL)` : less, values: [value] };
}

function equal(column: string, value: SqlValue): Clause {
  return value === null
    ? { sql: `${column} IS NULL`, values: [] }
    : { sql: `${column} = ?`, values: [value] };
}

/** The rows that come after the cursor: (a after) or (a equal and (b after or …)). */
function behind(sort: SortKey[], cursor: Cursor, table: string, dialect: Dialect): Clause {
  const [key, ...rest] = sort;
  if (!key) return { sql: '1 = 0', values: [] };
  const column = comparable(key.field, table, dialect);
  const value = cursor[0] ?? null;
  const beyond = after(column, key, value);
  if (rest.length === 0) return beyond;
  const same = equal(column, value);
  const deeper = behind(rest, cursor.slice(1), table, dialect);
  return {
    sql: `(${beyond.sql} OR (${same.sql} AND ${deeper.sql}))`,
    values: [...beyond.values, ...same.values, ...deeper.values],
  };
}

/**
 * The rows that come after the cursor, as stretches in the order in which they come: those that share the value of the
 * first key, those beyond it, and those without one. On SQLite each is one range of the index of that key, where it
 * would walk through everything before the cursor; MariaDB finds the ranges of the whole by itself, and not that of
 * the first stretch.
 */
export function afterCursor(sort: SortKey[], cursor: Cursor, table: string, dialect: Dialect): Clause[] {
  const [key, ...rest] = sort;
  if (!key) return [];
  const column = comparable(key.field, table, dialect);
  const value = cursor[0] ?? null;
  const beyond = { sql: `${column} ${key.descending ? '<' : '>'} ?`, values: [value] };
  // The last key is the id, which is never null.
  if (rest.length === 0) return [beyond];
  if (dialect === 'mariadb') return [behind(sort, cursor, table, dialect)];
  const same = allOf([equal(column, value), behind(rest, cursor.slice(1), table, dialect)]);
  const without = { sql: `${column} IS ${key.descending ? '' : 'NOT '}NULL`, values: [] };
  if (value === null) return key.descending ? [same] : [same, without];
  return key.descending && key.field.nullable ? [same, beyond, without] : [same, beyond];
}
