import type { Markup } from './page/markup.js';

/** What every report says of itself. */
export interface ReportFrame {
  client_id: string | null;
  client_name: string | null;
  /** Days, both included; null of what is as it is now. */
  from: string | null;
  to: string | null;
  /** Whose days and times these are (IANA). */
  time_zone: string;
  made_at: string;
  /** How many rows there are; `rows` has the first of them. */
  rows_total: number;
  is_cut: boolean;
}

/** How a report is shown: as JSON it is what it is. */
export interface ReportKind<R extends ReportFrame & { rows: readonly object[] } = never> {
  /** In the address, and in names of files. */
  name: string;
  title: string;
  /** Filters of its own: parameters of the query, each with the words that it takes. */
  filters?: Readonly<Record<string, readonly string[]>>;
  /** The fields of its rows, as CSV has them. */
  columns: readonly (keyof R['rows'][number] & string)[];
  page: (report: R) => Markup;
}

/** Rows of a report. */
export const MOST_ROWS = 5_000;

/** The first of these rows, with what the frame says of it. */
export function bounded<R extends object>(rows: R[], rows_total = rows.length, most = MOST_ROWS) {
  return { rows: rows.slice(0, most), rows_total, is_cut: rows_total > most };
}
