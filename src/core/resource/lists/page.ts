import { setImmediate } from 'node:timers/promises';
import { ValidationError } from '../../context/errors.js';
import type { Units } from '../../database/units.js';
import { columnName, type Dialect, type Row, type SqlValue } from '../../database/sql.js';
import { decoderOf } from '../../table/codec.js';
import { type Cursor, encodeCursor } from './cursor.js';
import type { FieldSpec } from '../../table/field-spec.js';
import { fromIndex } from '../custom/custom-column.js';
import { readAlong, VALUE } from './custom-page.js';
import { everything, type ListQuery } from './list-query.js';
import { readPlain } from './plain-page.js';
import type { ResourceSpec } from '../resource.js';
import { tagNames } from '../tags/tagging.js';
import { allOf, type Clause } from '../../table/clause.js';

export interface Page<T> {
  items: T[];
  /** Exact up to 10,000, or with count=exact; null on cursor pages that did not ask, and with count=none. */
  total: number | null;
  total_capped?: boolean;
  skip: number;
  limit: number;
  next: string | null;
}

const COUNT_CAP = 10_000;

export function whereOf(clauses: Clause[]): Clause {
  const { sql, values } = allOf(clauses);
  return { sql: clauses.length === 0 ? '' : ` WHERE ${sql}`, values };
}

const selectRows = (
  { sql }: Units,
  { isScan }: Pick<ListQuery, 'isScan'>,
  text: string,
  values: SqlValue[],
) => (isScan ? sql.scan<Row>(text, values) : sql.select<Row>(text, values));

/** The characters of text that are read at once, and that one page may hold: SQLite reads in the event loop. */
const PART_CHARACTERS = 1_000_000;
const PAGE_CHARACTERS = 4_000_000;
const FIRST_PART = { sqlite: 32, mariadb: 101 };

const charactersOf = (row: Row) =>
  Object.values(row).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);

/**
 * The rows of a page and one more, in parts whose size follows that of the rows, with a turn for others in between.
 * A page of too much text ends early where the query allows it (`isCut`), and is 422 otherwise.
 */
export async function readInParts<C>(
  query: { limit: number; cursor?: C; mayEndEarly?: boolean },
  dialect: Dialect,
  read: (cursor: C | undefined, limit: number) => Promise<Row[]>,
  place: (row: Row) => C,
): Promise<{ rows: Row[]; isCut: boolean }> {
  const wanted = query.limit + 1;
  const rows: Row[] = [];
  let characters = 0;
  for (let cursor = query.cursor, limit = Math.min(wanted, FIRST_PART[dialect]); ;) {
    const part = await read(cursor, limit);
    rows.push(...part);
    const last = part.at(-1);
    if (!last || part.length < limit || rows.length >= wanted) return { rows, isCut: false };
    for (const row of part) characters += charactersOf(row);
    if (characters > PAGE_CHARACTERS) {
      if (query.mayEndEarly) return { rows, isCut: true };
      throw ValidationError.of(
        'limit',
        'must be smaller, or `fields` fewer: a page holds 4 million characters',
        'size',
      );
    }
    cursor = place({ ...last });
    const average = Math.max(1, characters / rows.length);
    limit = Math.max(1, Math.min(wanted - rows.length, Math.floor(PART_CHARACTERS / average)));
    await setImmediate();
  }
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
  // Sort keys that were not chosen are read all the same: the cursor needs them.
  const hidden = query.sort
    .filter(key => !key.custom && !query.fields.includes(key.field))
    .map(key => key.field);
  const fields = [...query.fields, ...hidden];
  const columns =
    fields.map(one => `${spec.table}.${columnName(one.name)}`).join(', ') + (tags ? `, ${tags} AS tags` : '');
  const run = (text: string, values: SqlValue[]) => selectRows(units, query, text, values);
  const { along, sort, skip } = query;
  const what = { table: spec.table, columns, clauses, skip, dialect, run };
  const descending = sort[0]?.descending ?? true;
  const read = (cursor: Cursor | undefined, limit: number) =>
    along
      ? readAlong({ ...what, along, descending }, cursor, limit)
      : readPlain({ ...what, sort, walks: query.walks ?? false }, cursor, limit);
  const place = (row: Row) => query.sort.map(key => row[key.custom ? VALUE : key.field.name]) as Cursor;
  const { rows, isCut } = await readInParts(query, dialect, read, place);
  const more = isCut || rows.length > query.limit;
  if (rows.length > query.limit) rows.length = query.limit;
  const last = rows.at(-1);
  const next = more && last ? encodeCursor(query.sort, place(last)) : null;
  for (const row of hidden.length > 0 ? rows : []) for (const field of hidden) delete row[field.name];
  if (query.along) for (const row of rows) delete row[VALUE];
  // Rows without a value count, too, unless a filter leaves them out.
  const counted =
    query.along && !query.along.withMissing
      ? fromIndex(spec.table, query.along, dialect)
      : { from: spec.table, clauses: [] };
  const items = decoder(spec, query.fields)(rows) as T[];
  if (tags) for (const row of rows) row.tags = tagNames(row.tags);
  return {
    items,
    ...(await total(units, counted.from, query, [...counted.clauses, ...clauses], rows.length, more)),
    skip: query.skip,
    limit: query.limit,
    next,
  };
}

/** @param from a table, or tables and how they are joined */
export async function total(
  units: Units,
  from: string,
  query: Pick<ListQuery, 'count' | 'skip' | 'isScan'> & { cursor?: unknown },
  clauses: Clause[],
  count: number,
  more: boolean,
): Promise<Pick<Page<unknown>, 'total' | 'total_capped'>> {
  if (query.count === 'none' || (query.cursor && query.count !== 'exact')) return { total: null };
  if (!query.cursor && !more && (count > 0 || query.skip === 0)) return { total: query.skip + count };
  const where = whereOf(clauses);
  const cap = query.count === 'exact' ? '' : ` LIMIT ${COUNT_CAP + 1}`;
  const text = `SELECT COUNT(*) AS total FROM (SELECT 1 FROM ${from}${where.sql}${cap}) counted`;
  const found = Number((await selectRows(units, query, text, where.values))[0]?.total ?? 0);
  return cap && found > COUNT_CAP ? { total: COUNT_CAP, total_capped: true } : { total: found };
}

const DECODERS = new WeakMap<ResourceSpec, (rows: Row[]) => unknown[]>();

function decoder(spec: ResourceSpec, fields: FieldSpec[]): (rows: Row[]) => unknown[] {
  if (fields !== everything(spec).fields) return decoderOf(fields);
  let known = DECODERS.get(spec);
  if (!known) DECODERS.set(spec, (known = decoderOf(fields)));
  return known;
}
