import type { Row } from '../../database/sql.js';
import type { Units } from '../../database/units.js';
import type { Clause } from '../../table/clause.js';
import { type Page, readInParts, total, whereOf } from '../lists/page.js';
import { asRange } from '../lists/one-value.js';
import { encodeLogCursor, type LogCursor, type LogQuery } from './log-query.js';

/** A view of the journal: what it reads, and by what it is ordered, newest first; no two rows have the same keys. */
export interface LogView {
  columns: string;
  from: string;
  /** A time, then whole numbers, each with the name that its column has in a row. */
  keys: readonly { column: string; name: string }[];
}

/** What comes after a place, in descending order; the first bound is one that an index takes. */
function after(keys: LogView['keys'], [value = '', ...deeper]: LogCursor): Clause {
  const [{ column } = { column: '' }, ...rest] = keys;
  if (rest.length === 0) return { sql: `${column} < ?`, values: [value] };
  const further = after(rest, deeper);
  return {
    sql: `${column} <= ? AND (${column} < ? OR (${further.sql}))`,
    values: [value, value, ...further.values],
  };
}

/** A page of a log. Filters together may look at very many rows: all of it is read where nobody else waits. */
export async function readLog<R extends Row>(
  units: Units,
  view: LogView,
  query: LogQuery & { mayEndEarly?: boolean },
  restrictions: Clause[],
): Promise<Page<R>> {
  const { columns, from, keys } = view;
  const clauses = [...restrictions, ...query.clauses];
  const order = keys.map(one => `${one.column} DESC`);
  const read = (cursor: LogCursor | undefined, limit: number) => {
    const ranged = cursor && units.sql.dialect === 'mariadb' ? asRange(clauses, order) : { clauses, order };
    const { sql, values } = whereOf(cursor ? [...ranged.clauses, after(keys, cursor)] : clauses);
    const offset = cursor || query.skip === 0 ? '' : ` OFFSET ${query.skip}`;
    return units.sql.scan<Row>(
      `SELECT ${columns} FROM ${from}${sql} ORDER BY ${ranged.order.join(', ')} LIMIT ${limit}${offset}`,
      values,
    );
  };
  const place = (row: Row): LogCursor =>
    keys.map(({ name }, at) => (at === 0 ? String(row[name]) : Number(row[name])));
  const { rows, isCut } = await readInParts(query, units.sql.dialect, read, place);
  const more = isCut || rows.length > query.limit;
  if (rows.length > query.limit) rows.length = query.limit;
  const last = rows.at(-1);
  return {
    items: rows as R[],
    ...(await total(units, from, { ...query, isScan: true }, clauses, rows.length, more)),
    skip: query.skip,
    limit: query.limit,
    next: more && last ? encodeLogCursor(place(last)) : null,
  };
}
