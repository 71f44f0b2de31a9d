import type { Units } from '../database/units.js';
import type { Row, SqlValue } from '../database/sql.js';
import { decoderOf } from '../table/codec.js';
import { afterCursor, type Cursor, encodeCursor } from './cursor.js';
import type { FieldSpec } from '../table/field-spec.js';
import { comparable } from './filters.js';
import { everything, type ListQuery } from './list-query.js';
import type { ResourceSpec } from './resource.js';
import type { Clause } from '../table/clause.js';

export interface Page<T> {
  items: T[];
  /** Exact up to 10,000, or with count=exact; null on cursor pages that did not ask. */
  total: number | null;
  total_capped?: boolean;
  skip: number;
  limit: number;
  next: string | null;
}

const COUNT_CAP = 10_000;

function whereOf(clauses: Clause[]): { sql: string; values: SqlValue[] } {
  if (clauses.length === 0) return { sql: '', values: [] };
  return {
    sql: ` WHERE ${clauses.map(one => one.sql).join(' AND ')}`,
    values: clauses.flatMap(one => one.values),
  };
}

/**
 * One page of a resource: one query for the rows, and one for the total where it is asked for. `tags` is an
 * expression for the names of a row's tags; they come along as a list.
 */
export async function readPage<T>(
  units: Units,
  spec: ResourceSpec,
  query: ListQuery,
  restrictions: Clause[],
  tags?: string,
): Promise<Page<T>> {
  const { dialect } = units.sql;
  const clauses = [...restrictions, ...query.clauses];
  const keyed = query.cursor
    ? [...clauses, afterCursor(query.sort, query.cursor, spec.table, dialect)]
    : clauses;
  // Sort keys that were not chosen are read all the same: the cursor needs them.
  const hidden = query.sort.map(key => key.field).filter(one => !query.fields.includes(one));
  const fields = [...query.fields, ...hidden];
  const where = whereOf(keyed);
  const order = query.sort
    .map(key => `${comparable(key.field, spec.table, dialect)}${key.descending ? ' DESC' : ''}`)
    .join(', ');
  const offset = query.cursor || query.skip === 0 ? '' : ` OFFSET ${query.skip}`;
  const columns =
    fields.map(one => `${spec.table}.${one.name}`).join(', ') + (tags ? `, ${tags} AS tags` : '');
  const text = `SELECT ${columns} FROM ${spec.table}${where.sql} ORDER BY ${order} LIMIT ${query.limit + 1}${offset}`;
  const rows = await units.sql.select(text, where.values);
  const more = rows.length > query.limit;
  if (more) rows.length = query.limit;
  const last = rows.at(-1);
  const next =
    more && last ? encodeCursor(query.sort, query.sort.map(key => last[key.field.name]) as Cursor) : null;
  for (const row of hidden.length > 0 ? rows : []) for (const field of hidden) delete row[field.name];
  const items = decoder(spec, query.fields)(rows) as T[];
  if (tags)
    for (const row of rows) row.tags = row.tags === null ? [] : (row.tags as string).split(',').sort();
  return {
    items,
    ...(await total(units, spec, query, clauses, rows.length, more)),
    skip: query.skip,
    limit: query.limit,
    next,
  };
}

async function total(
  units: Units,
  spec: ResourceSpec,
  query: ListQuery,
  clauses: Clause[],
  count: number,
  more: boolean,
): Promise<Pick<Page<unknown>, 'total' | 'total_capped'>> {
  if (query.cursor && query.count !== 'exact') return { total: null };
  if (!query.cursor && !more && (count > 0 || query.skip === 0)) return { total: query.skip + count };
  const where = whereOf(clauses);
  const cap = query.count === 'exact' ? '' : ` LIMIT ${COUNT_CAP + 1}`;
  const text = `SELECT COUNT(*) AS total FROM (SELECT 1 FROM ${spec.table}${where.sql}${cap}) counted`;
  const found = Number((await units.sql.select<{ total: number }>(text, where.values))[0]?.total ?? 0);
  return cap && found > COUNT_CAP ? { total: COUNT_CAP, total_capped: true } : { total: found };
}

const DECODERS = new WeakMap<ResourceSpec, (rows: Row[]) => unknown[]>();

function decoder(spec: ResourceSpec, fields: FieldSpec[]): (rows: Row[]) => unknown[] {
  if (fields !== everything(spec).fields) return decoderOf(fields);
  let known = DECODERS.get(spec);
  if (!known) DECODERS.set(spec, (known = decoderOf(fields)));
  return known;
}
