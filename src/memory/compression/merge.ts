import { normalized } from '../../formats/normalized.js';
/** Something known as of a time: lists, maps and single values by their names. */
export interface Dated {
  /** ISO 8601. */
  at?: string | null;
  [name: string]: unknown;
}

const MOST_ITEMS = 200;
/** A longer text says the same as its like alone. */
const LONG = 1_000;

/**
 * Several contexts as one: of a single value the newest that says something wins, of maps each key by itself; lists are
 * put together, the newest first, each item once (texts whatever their case and spaces), at most 200. Takes time in
 * proportion to the length; the contexts stay as they are.
 */
export function mergeContexts(contexts: readonly Dated[]): Dated {
  const newestFirst = contexts.toSorted((a, b) => timeOf(b) - timeOf(a));
  return mergeAll(newestFirst) as Dated;
}

const timeOf = ({ at }: Dated) => (at ? Date.parse(at) || 0 : 0);

type Values = Record<string, unknown>;
const isMap = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

function mergeAll(maps: readonly Values[]): Values {
  const names = new Set(maps.flatMap(one => Object.keys(one)));
  return Object.fromEntries([...names].map(name => [name, mergeOne(maps.map(one => valueIn(one, name)))]));
}

const valueIn = (map: Values, name: string) => (Object.hasOwn(map, name) ? map[name] : undefined);

function mergeOne(values: readonly unknown[]): unknown {
  const said = values.filter(value => !isEmpty(value));
  const [first] = said;
  if (Array.isArray(first)) return distinct(said.filter(Array.isArray).flat());
  if (isMap(first)) return mergeAll(said.filter(isMap));
  return first ?? null;
}

/** Each item once, the first of those that say the same. */
export function distinct<T>(items: readonly T[], most = MOST_ITEMS): T[] {
  const known = new Map<string, T>();
  for (const one of items) {
    const key = keyOf(one);
    if (!known.has(key)) known.set(key, one);
    if (known.size >= most) break;
  }
  return [...known.values()];
}

/** What items that say the same have in common. */
export function keyOf(item: unknown): string {
  if (typeof item !== 'string') return JSON.stringify(item) ?? '';
  if (item.length > LONG) return `"${item}`;
  return `"${
    normalized(item, 'NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim() || item
  }`;
}
