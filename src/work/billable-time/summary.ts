import type { Dialect, Row, SqlValue } from '../../core/database/sql.js';
import { padDecimal } from '../../core/database/values.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { sumOf } from '../money/amounts.js';

export const GROUPINGS = [
  'client',
  'user',
  'project',
  'labour_type',
  'status',
  'work_date',
  'week',
  'month',
] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Amount {
  currency: string;
  amount: string;
}

export interface Totals {
  entries: number;
  worked_minutes: number;
  billable_minutes: number;
  /** One for each currency, in the order of their codes. */
  amounts: Amount[];
  /** Billable entries for which nobody has set a rate; they are in no amount. */
  without_rate: number;
}

export interface SummaryGroup extends Totals {
  /** An id, a labour type, a status, a day, a week (`2026-W05`) or a month; null for entries without one. */
  key: string | null;
  /** Of a client, user or project that the actor may see. */
  name: string | null;
}

/** A part of a sum, as the database adds it up: one group in one currency. */
export interface Part {
  /** In the order of the groupings. */
  keys: (string | null)[];
  currency: string;
  entries: number;
  worked: number;
  billable: number;
  /** A decimal of two places. */
  amount: string;
  without_rate: number;
}

const COLUMNS: Partial<Record<Grouping, string>> = {
  client: 'client_id',
  user: 'user_id',
  project: 'project_id',
  labour_type: 'labour_type',
  status: 'status',
  work_date: 'work_date',
};

/** Parts of the calendar; weeks are those of ISO 8601, `2026-W01`, and begin on Monday. */
const SPANS: Partial<Record<Grouping, Record<Dialect, string>>> = {
  week: { sqlite: "STRFTIME('%G-W%V', work_date)", mariadb: "DATE_FORMAT(work_date, '%x-W%v')" },
  month: { sqlite: 'SUBSTR(work_date, 1, 7)', mariadb: "DATE_FORMAT(work_date, '%Y-%m')" },
};

function keyOf(by: Grouping, dialect: Dialect): string {
  const span = SPANS[by]?.[dialect];
  if (span) return span;
  // A + that does nothing, but keeps SQLite from fetching a million rows one by one in the order of an index.
  return dialect === 'sqlite' ? `+${COLUMNS[by]}` : `${COLUMNS[by]}`;
}

/** Amounts are text of two places on SQLite, which would add floats: it adds whole cents instead. */
const CENTS = {
  sqlite: "SUM(CAST(REPLACE(amount, '.', '') AS INTEGER))",
  mariadb: 'SUM(amount) * 100',
};

/** The parts of a summary by one or several groupings, at most `most` of them. */
export function summaryQuery(
  by: readonly Grouping[],
  clauses: Clause[],
  dialect: Dialect,
  most: number,
): { text: string; values: SqlValue[] } {
  const { sql, values } = allOf(clauses);
  const keys = by.map(one => keyOf(one, dialect));
  const order = [...keys, 'currency'].join(', ');
  const text =
    `SELECT ${keys.map((key, at) => `${key} AS key_${at}`).join(', ')}, currency, COUNT(*) AS entries, SUM(worked_minutes) AS worked, ` +
    `SUM(billable_minutes) AS billable, CAST(${CENTS[dialect]} AS CHAR) AS cents, ` +
    `COUNT(*) - COUNT(amount) AS without_rate FROM billable_time WHERE ${sql} ` +
    `GROUP BY ${order} ORDER BY ${order} LIMIT ${most}`;
  return { text, values };
}

export function partOf(row: Row, by: readonly Grouping[]): Part {
  return {
    keys: by.map((_, at) => row[`key_${at}`] as string | null),
    currency: row.currency as string,
    entries: Number(row.entries),
    worked: Number(row.worked),
    billable: Number(row.billable),
    amount: decimalOf(row.cents as string | null),
    without_rate: Number(row.without_rate),
  };
}

/** `12345` or `12345.00` → `123.45`, `-5` → `-0.05` */
function decimalOf(cents: string | null): string {
  const [, sign = '', whole = '0'] = /^(-?)(\d+)/.exec(cents ?? '0') ?? [];
  const digits = whole.padStart(3, '0');
  return padDecimal(`${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`, 2);
}

/** What several parts come to; amounts of different currencies are never added. */
export function totalsOf(parts: readonly Part[]): Totals {
  const sum = (name: 'entries' | 'worked' | 'billable' | 'without_rate') =>
    parts.reduce((total, one) => total + one[name], 0);
  const currencies = [...new Set(parts.map(one => one.currency))].sort();
  return {
    entries: sum('entries'),
    worked_minutes: sum('worked'),
    billable_minutes: sum('billable'),
    amounts: currencies.map(currency => ({
      currency,
      amount: sumOf(parts.filter(one => one.currency === currency).map(one => one.amount)),
    })),
    without_rate: sum('without_rate'),
  };
}

/** Parts by a key, in the order of their first ones. */
export function partsWith<K>(parts: readonly Part[], keyOf: (part: Part) => K): Map<K, Part[]> {
  const groups = new Map<K, Part[]>();
  for (const part of parts) {
    const key = keyOf(part);
    const known = groups.get(key);
    if (known) known.push(part);
    else groups.set(key, [part]);
  }
  return groups;
}

/** Parts with the same key, added up, in the order of their first ones. */
export function groupsOf(
  parts: readonly Part[],
  at: number,
  names: ReadonlyMap<string | null, string>,
): SummaryGroup[] {
  const groups = partsWith(parts, one => one.keys[at] ?? null);
  return [...groups].map(([key, own]) => ({ key, name: names.get(key) ?? null, ...totalsOf(own) }));
}
