import { type FieldFault, ValidationError } from '../../context/errors.js';
import { placeholders } from '../../database/sql.js';
import { encodeMoment, isInstant, isUuid } from '../../database/values.js';
import type { Clause } from '../../table/clause.js';
import { type Count, COUNTS, type RawQuery } from '../lists/query-parts.js';

/** Where a page of a log ended: the stored values of what it is ordered by. */
export type LogCursor = (string | number)[];

/** A checked query of a log. */
export interface LogQuery {
  skip: number;
  limit: number;
  count: Count;
  cursor?: LogCursor;
  clauses: Clause[];
}

type Problem = Omit<FieldFault, 'field'>;
/** The values of one parameter → a condition, or what is wrong with them. */
export type LogFilter = (texts: string[]) => Clause | Problem;

function among(column: string, values: string[]): Clause {
  const only = values.length === 1 ? { equals: column } : {};
  return { sql: `${column} IN (${placeholders(values.length)})`, values, ...only };
}

/** A filter by a column that has one of the values: `isGood` says what a value may be, and `expected` says it in words. */
export function equalTo(column: string, isGood: (text: string) => boolean, expected: string): LogFilter {
  return texts => (texts.every(isGood) ? among(column, texts) : { message: expected, rule: 'type' });
}

export function oneOf(column: string, choices: readonly string[]): LogFilter {
  return texts =>
    texts.every(one => choices.includes(one))
      ? among(column, texts)
      : { message: `must be one of ${choices.join(', ')}`, rule: 'enum' };
}

export function uuidIn(column: string): LogFilter {
  return texts =>
    texts.every(isUuid)
      ? among(
          column,
          texts.map(one => one.toLowerCase()),
        )
      : { message: 'must be a UUID', rule: 'isUuid' };
}

const COMPARE = { gt: '>', gte: '>=', lt: '<', lte: '<=' };
export const TIME_OPERATORS = Object.keys(COMPARE);

/** `<name>__gt`, `__gte`, `__lt`, `__lte` by a column of times. */
export function timesOf(name: string, column: string): Record<string, LogFilter> {
  return Object.fromEntries(
    Object.entries(COMPARE).map(([operator, sign]): [string, LogFilter] => [
      `${name}__${operator}`,
      ([text = '', ...more]) => {
        if (more.length > 0) return { message: 'may be given only once', rule: 'repeated' };
        if (!isInstant(text))
          return { message: 'must be a time in ISO 8601 with an offset', rule: 'isInstant' };
        return { sql: `${column} ${sign} ?`, values: [encodeMoment(text)] };
      },
    ]),
  );
}

/** Values of one filter at most. */
const MOST = 100;
const PAGING = new Set(['skip', 'limit', 'count', 'cursor']);

export function encodeLogCursor(at: LogCursor): string {
  return Buffer.from(JSON.stringify(at)).toString('base64url');
}

/** A cursor begins with a stored time, and whole numbers follow. */
function decodeLogCursor(text: string, length: number): LogCursor | undefined {
  try {
    const values = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    const [at, ...rest] = values;
    const good =
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(String(at)) && rest.every(Number.isSafeInteger);
    return good && values.length === length ? (values as LogCursor) : undefined;
  } catch {
    return undefined;
  }
}

function whole(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

/**
 * Checks the query of a log: pages as everywhere, and its filters; a repeated one means any of the values.
 *
 * @param keys how many values a cursor has
 */
export function parseLogQuery(
  raw: RawQuery,
  filters: Readonly<Record<string, LogFilter>>,
  keys: number,
): LogQuery {
  const faults: FieldFault[] = [];
  const query: LogQuery = { skip: 0, limit: 100, count: 'default', clauses: [] };
  for (const [name, given] of Object.entries(raw)) {
    const texts = [given ?? []].flat();
    if (texts.length === 0) continue;
    const problem = PAGING.has(name) ? page(query, name, texts, keys) : filtered(query, filters, name, texts);
    if (problem) faults.push({ field: name.slice(0, 100), ...problem });
  }
  if (raw.skip !== undefined && raw.cursor !== undefined)
    faults.push({ field: 'skip', message: 'cannot be used together with cursor', rule: 'conflict' });
  if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
  return query;
}

function filtered(
  query: LogQuery,
  filters: Readonly<Record<string, LogFilter>>,
  name: string,
  texts: string[],
): Problem | undefined {
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (!filter) return { message: 'is not a parameter of this list', rule: 'unknown' };
  if (texts.length > MOST) return { message: `must have at most ${MOST} values`, rule: 'max' };
  const found = filter(texts);
  if (!('sql' in found)) return found;
  query.clauses.push(found);
  return undefined;
}

function page(query: LogQuery, name: string, texts: string[], keys: number): Problem | undefined {
  const [text = ''] = texts;
  if (texts.length > 1) return { message: 'may be given only once', rule: 'repeated' };
  if (name === 'skip' || name === 'limit') {
    const [min, max] = name === 'skip' ? [0, 1_000_000_000] : [1, 1000];
    const value = whole(text, min, max);
    if (value === undefined)
      return { message: `must be a whole number from ${min} to ${max}`, rule: 'range' };
    query[name] = value;
    return undefined;
  }
  if (name === 'count') {
    const known = COUNTS.find(one => one === text);
    if (!known) return { message: 'must be exact, none, or absent', rule: 'enum' };
    query.count = known;
    return undefined;
  }
  query.cursor = decodeLogCursor(text, keys);
  return query.cursor ? undefined : { message: 'is not a cursor of this list', rule: 'cursor' };
}
