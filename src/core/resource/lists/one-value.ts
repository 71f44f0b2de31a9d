import type { Row } from '../../database/sql.js';
import { allOf, type Clause } from '../../table/clause.js';
import type { PlainRead } from './plain-page.js';

/** Rows that are looked through along the index of one filter for those that fulfil the others, in some milliseconds. */
const WALKED = 5_000;

/** Conditions, and the order in which an index has their rows. */
interface Ranged {
  clauses: Clause[];
  order: string[];
}

/**
 * Where a filter leaves one value, MariaDB finds it in the index by itself and then passes over all rows before the
 * cursor; what it takes for a range and an order begins at the cursor.
 */
export function asRange(clauses: Clause[], order: string[]): Ranged {
  const [one, ...more] = clauses.filter(clause => clause.equals !== undefined);
  return one && more.length === 0 ? along(clauses, one, order) : { clauses, order };
}

/**
 * A page, in the order of ids, of what several filters leave one value each; undefined where there are no several, or
 * their rows are far between. By itself MariaDB would find all rows of each filter and intersect them: of a million rows
 * two million places of indexes for a page of fifty.
 */
export async function amongSeveral(
  read: PlainRead,
  [id = '']: string[],
  behind: Clause[],
  limit: number,
): Promise<Row[] | undefined> {
  const several = read.clauses.filter(clause => clause.equals !== undefined);
  const one = several.toSorted((a, b) => rank(a) - rank(b))[0];
  if (!one || several.length < 2) return undefined;
  const { table, columns, skip, run } = read;
  const others = read.clauses.map(clause =>
    several.includes(clause) && clause !== one
      ? { sql: `(${clause.sql}) = 1`, values: clause.values }
      : clause,
  );
  const { clauses, order } = along(others, one, [id]);
  const by = `ORDER BY ${order.join(', ')} LIMIT`;
  const value = allOf([...clauses.filter((_, at) => others[at] === one), ...behind]);
  const found = await run(
    `SELECT ${table}.id FROM ${table} WHERE ${value.sql} ${by} 1 OFFSET ${WALKED}`,
    value.values,
  );
  const last = found[0]?.id as string | undefined;
  const until =
    last === undefined ? [] : [{ sql: `${table}.id ${id.endsWith(' DESC') ? '>' : '<'} ?`, values: [last] }];
  const { sql, values } = allOf([...clauses, ...behind, ...until]);
  const rows = await run(
    `SELECT ${columns} FROM ${table} WHERE ${sql} ${by} ${limit}${skip > 0 ? ` OFFSET ${skip}` : ''}`,
    values,
  );
  return last === undefined || rows.length === limit ? rows : undefined;
}

/** Fewer rows have the same reference than the same word, number or nothing. */
function rank({ unheld, values: [value] }: Clause): number {
  if (unheld) return 3;
  if (typeof value !== 'string') return 2;
  return value.length === 36 ? 0 : 1;
}

/** Null is in a range only among other values. */
function along(all: Clause[], one: Clause, order: string[]): Ranged {
  const { equals = '', unheld, values } = one;
  const [value = null] = values;
  const range = unheld
    ? { sql: `(${equals} IS NULL OR ${equals} IN (?, ?)) AND (${equals} IS NULL) = 1`, values: [...unheld] }
    : { sql: `${equals} >= ? AND ${equals} <= ?`, values: [value, value] };
  const clauses = all.map(clause => (clause === one ? range : clause));
  return { clauses, order: [order[0]?.endsWith(' DESC') ? `${equals} DESC` : equals, ...order] };
}
