import type BetterSqlite from 'better-sqlite3';
import { UsageError } from '../../../failure.js';
import { FormatError } from '../../../formats/format-error.js';
import { openSqlite } from '../../../formats/sqlite-driver.js';
import { type CellsOfRow, cellsOf, type EarlierDatabase, selected } from './earlier-database.js';

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const ENCODINGS: Record<string, string> = {
  'UTF-8': 'utf-8',
  'UTF-16le': 'utf-16le',
  'UTF-16be': 'utf-16be',
};

/** A file of SQLite, opened read-only and read in one transaction. Every cell comes as the bytes that are stored. */
export class SqliteSource implements EarlierDatabase {
  private readonly decoder: InstanceType<typeof TextDecoder>;

  private constructor(private readonly handle: BetterSqlite.Database) {
    const encoding = ENCODINGS[String(handle.pragma('encoding', { simple: true }))] ?? 'utf-8';
    this.decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  /** @throws UsageError for what is no file of SQLite, or cannot be read */
  static open(file: string): SqliteSource {
    let handle: BetterSqlite.Database | undefined;
    try {
      handle = openSqlite(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
      handle.pragma('query_only = ON');
      // Views and triggers of a strange file call nothing that has effects.
      handle.pragma('trusted_schema = OFF');
      handle.exec('BEGIN');
      handle.prepare('SELECT count(*) FROM sqlite_master').get();
      return new SqliteSource(handle);
    } catch (error) {
      handle?.close();
      const { code } = error as { code?: unknown };
      if (typeof code !== 'string') throw error;
      throw new UsageError(`${file} cannot be read as a database of SQLite (${code})`);
    }
  }

  tables(): Promise<string[]> {
    const rows = this.handle
      .prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
      .all() as { name: string }[];
    return Promise.resolve(rows.map(one => one.name));
  }

  columns(table: string): Promise<string[]> {
    const rows = this.handle.prepare('SELECT name FROM pragma_table_info(?)').all(table) as {
      name: string;
    }[];
    return Promise.resolve(rows.map(one => one.name));
  }

  count(table: string): Promise<number> {
    const row = this.handle.prepare(`SELECT count(*) AS n FROM ${quoted(table)}`).get() as { n: number };
    return Promise.resolve(row.n);
  }

  async *rows(table: string, columns: string[], order: string): AsyncGenerator<CellsOfRow> {
    const value = (name: string) => `CAST(${quoted(name)} AS BLOB)`;
    const what = selected(columns, value, name => `length(${value(name)})`);
    const found = this.handle.prepare(`SELECT ${what} FROM ${quoted(table)} ORDER BY ${quoted(order)}`);
    for (const row of found.iterate())
      yield cellsOf(columns, row as Record<string, unknown>, flag => flag === 1);
  }

  textOf(bytes: Buffer): string {
    try {
      return this.decoder.decode(bytes);
    } catch {
      throw new FormatError(`Not ${this.decoder.encoding.toUpperCase()}`);
    }
  }

  close(): Promise<void> {
    this.handle.close();
    return Promise.resolve();
  }
}
