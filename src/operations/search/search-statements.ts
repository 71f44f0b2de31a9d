import { type Dialect, placeholders, type SqlValue } from '../../core/database/sql.js';
import { clientColumn, type ResourceSpec } from '../../core/resource/resource.js';
import type { Clause } from '../../core/table/clause.js';
import { LAST } from './terms.js';

/**
 * Rows of one resource that are looked at for one question: all that the rarest of its words has, where these are no
 * more; else so many whose name begins as it is asked, and so many others that the caller sees.
 */
export const MOST_ROWS = 2_000;

/** What is asked of the rows of a resource. */
export interface Asked {
  spec: ResourceSpec;
  words: readonly string[];
  /** What a name begins with that is asked for as a whole: `wholeTerm`. */
  whole: string;
  /** Which rows count: those that the caller sees, of the client, archived or not. */
  which: Clause;
  /** Of each word, the clients that have it in their name: it need not stand in their rows. */
  clients: readonly (readonly string[])[];
  /** Where candidates come from: words of which a row that fits has one; undefined where too many rows have these. */
  drivers?: readonly string[];
}

/** A word that is the whole term counts more than its beginning. */
const EXACT = 5;
const STEP = 10;
/** A name that is the question, or begins with it. */
const NAMED = { exactly: 2_000, so: 1_000 };

const range = (alias: string) => `${alias}.resource = ? AND ${alias}.term >= ? AND ${alias}.term < ?`;
const rangeOf = (spec: ResourceSpec, word: string): SqlValue[] => [spec.name, word, `${word}${LAST}`];

/** How many terms of a resource begin with a word: at most one more than are looked at. */
export function countOf(spec: ResourceSpec, word: string, place: number): Clause {
  const text = `SELECT 1 FROM search_terms t WHERE ${range('t')} LIMIT ${MOST_ROWS + 1}`;
  return {
    sql: `SELECT ${place} AS place, COUNT(*) AS n FROM (${text}) one_${place}`,
    values: rangeOf(spec, word),
  };
}

/** The ids of clients that have a word in their name. */
export function clientsWith(
  spec: ResourceSpec,
  word: string,
  which: Clause,
  most: number,
  least: number,
): Clause {
  const text =
    `SELECT DISTINCT t.row_id AS id FROM search_terms t JOIN ${spec.table} ON ${spec.table}.id = t.row_id ` +
    `WHERE ${range('t')} AND t.weight >= ${least} AND ${which.sql} ORDER BY t.row_id DESC LIMIT ${most}`;
  return { sql: text, values: [...rangeOf(spec, word), ...which.values] };
}

/** Rows that may fit, by their ids as `row_id`. */
function candidates({ spec, whole, which, drivers }: Asked): Clause {
  const { table } = spec;
  if (drivers)
    return {
      sql: drivers
        .map(() => `SELECT DISTINCT t.row_id FROM search_terms t WHERE ${range('t')}`)
        .join(' UNION '),
      values: drivers.flatMap(word => rangeOf(spec, word)),
    };
  const named = `SELECT t.row_id FROM search_terms t WHERE ${range('t')} ORDER BY t.term LIMIT ${MOST_ROWS}`;
  const some = seenRows(spec, which);
  return {
    sql: `SELECT row_id FROM (${named}) named UNION SELECT ${table}.id FROM (${some.sql}) ${table}`,
    values: [...rangeOf(spec, whole), ...some.values],
  };
}

/** Some rows that the caller sees: who sees all of them gets the newest. */
export function seenRows({ table }: ResourceSpec, which: Clause): Clause {
  const order = which.values.length === 0 ? ` ORDER BY ${table}.id DESC` : '';
  return {
    sql: `SELECT ${table}.id FROM ${table} WHERE ${which.sql}${order} LIMIT ${MOST_ROWS}`,
    values: which.values,
  };
}

/** The best of the terms of a row that begin with a word; null where it has none. */
function best(word: string, value: string, values: SqlValue[]): Clause {
  return {
    sql: `MAX(CASE WHEN w.term >= ? AND w.term < ? THEN ${value} END)`,
    values: [word, `${word}${LAST}`, ...values],
  };
}

/** Rows that fit, as `place`, `id`, `score` and how many there are: `total`. The best first, as many as `limit`. */
export function fitting(asked: Asked, limit: number, place: number, dialect: Dialect): Clause {
  const { spec, words, whole, which, clients } = asked;
  const { table } = spec;
  const own = words.map(word =>
    best(word, `w.weight * ${STEP} + CASE WHEN w.term = ? THEN ${EXACT} ELSE 0 END`, [word]),
  );
  const named = best(whole, `CASE WHEN w.term = ? THEN ${NAMED.exactly} ELSE ${NAMED.so} END`, [whole]);
  const client = clientColumn(spec) === 'client_id' ? `MIN(${table}.client_id)` : 'NULL';
  const from = candidates(asked);
  // In this order: without statistics, SQLite would begin with the terms.
  const join = dialect === 'sqlite' ? 'CROSS JOIN' : 'STRAIGHT_JOIN';
  const inner =
    `SELECT ${table}.id AS id, ${client} AS client_id, ${own.map(({ sql }, at) => `${sql} AS own_${at}`).join(', ')}, ` +
    `${named.sql} AS named FROM (${from.sql}) c ${join} ${table} ON ${table}.id = c.row_id ` +
    `${join} search_terms w ON w.row_id = c.row_id WHERE ${which.sql} GROUP BY ${table}.id`;
  const ofClient = (at: number): Clause => {
    const ids = clients[at] ?? [];
    if (ids.length === 0) return { sql: `m.own_${at}`, values: [] };
    const sql = `COALESCE(m.own_${at}, CASE WHEN m.client_id IN (${placeholders(ids.length)}) THEN ${EXACT} END)`;
    return { sql, values: [...ids] };
  };
  const sums = words.map((_, at) => ofClient(at));
  const hasOwn = words.map((_, at) => `m.own_${at} IS NOT NULL`).join(' OR ');
  const score =
    `SELECT m.id, ${sums.map(({ sql }) => sql).join(' + ')} + COALESCE(m.named, 0) AS score ` +
    `FROM (${inner}) m WHERE ${hasOwn}`;
  return {
    sql:
      `SELECT ${place} AS place, r.id AS id, r.score AS score, COUNT(*) OVER () AS total FROM (${score}) r ` +
      `WHERE r.score IS NOT NULL ORDER BY r.score DESC, r.id DESC LIMIT ${limit}`,
    values: [
      ...sums.flatMap(one => one.values),
      ...own.flatMap(one => one.values),
      ...named.values,
      ...from.values,
      ...which.values,
    ],
  };
}

/** One statement for several: each is a part of it. */
export function allParts(parts: readonly Clause[]): Clause {
  return {
    sql: parts.map(({ sql }, at) => `SELECT * FROM (${sql}) part_${at}`).join(' UNION ALL '),
    values: parts.flatMap(one => one.values),
  };
}
