import type { Snapshot } from './snapshots.js';

/** What a statement may be given; everything else is encoded by the field codecs first. */
export type SqlValue = string | number | bigint | Buffer | null;
export type Row = Record<string, unknown>;
export type Dialect = 'sqlite' | 'mariadb';

/** A place where statements run: a transaction, or the reading side of a database. `?` marks a value. */
export interface Sql {
  readonly dialect: Dialect;
  /** Runs a query and returns its rows. */
  select<T = Row>(text: string, values?: readonly SqlValue[]): Promise<T[]>;
}

/** A transaction; everything goes through it in the order of the calls. */
export interface Transaction extends Sql {
  /**
   * Runs a statement and returns the number of rows that it matched.
   *
   * @param patience milliseconds after which it counts as failed, where that is sooner than usual
   */
  change(text: string, values?: readonly SqlValue[], patience?: number): Promise<number>;
  /** A failure here leaves the outcome unknown; the connection is given up. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Connections that are there (on SQLite the one that writes), of which how many are in use, and what waits for one. */
export interface Load {
  open: number;
  used: number;
  waiting: number;
}

/** One database with its two sides: reads that see only what is committed, and transactions. */
export interface Connections {
  readonly dialect: Dialect;
  readonly reader: Sql;
  /** For queries that may look at very many rows: nobody else waits for them. Has `unicode_contains` on SQLite. */
  readonly scanner: Sql;
  /** What a thread opens to read by itself; none where the database is another process. */
  readonly file?: { driver: string; file: string };
  /** @param patience milliseconds to wait for one's turn, where that is less than usual */
  begin(patience?: number): Promise<Transaction>;
  /** One statement as a transaction of its own; resolves after its commit. `patience` is for all of it. */
  commitOne(text: string, values: readonly SqlValue[], patience?: number): Promise<number>;
  /** Resolves when the database answers; throws otherwise. */
  ping(): Promise<void>;
  load(): Load;
  /** This moment, to be read at leisure; whoever asks ends it. */
  snapshot(): Promise<Snapshot>;
  /** What was overwritten is gone from the files that the database has written ahead, where these are ours. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

/** Names of columns that are words of SQL. */
const WORDS = new Set(['default', 'key']);

/** A column's name in a statement; both databases read names in backticks. */
export function columnName(name: string): string {
  return WORDS.has(name) ? `\`${name}\`` : name;
}

/** How a statement begins whose rows are left out where such rows are there already. */
export function insertIgnoring(dialect: Dialect): string {
  return dialect === 'sqlite' ? 'INSERT OR IGNORE' : 'INSERT IGNORE';
}

/** `?, ?, ?` for a list of values. */
export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

/** How many values a list in a statement may hold; SQLite takes 32,766 of all kinds together. */
export const MOST_LISTED = 1_000;

/** A list in parts that a statement can take. */
export function inParts<T>(list: readonly T[], size = MOST_LISTED): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) =>
    list.slice(n * size, (n + 1) * size),
  );
}
