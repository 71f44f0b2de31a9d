import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
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

/** Bytes of the largest file that is read into memory. */
const MOST_IN_MEMORY = 1_073_741_824;
/** Where the header says in which mode the file is written and read (sqlite.org/fileformat2.html, 1.3). */
const MODES = [18, 19];
const ROLLBACK = 1;
const WAL = 2;

/**
 * The bytes of a file in WAL mode that nobody has open, as a file in rollback mode: whoever opened it would leave two
 * files beside it. Undefined for others, and for what is no file.
 */
function bytesOf(file: string): Buffer | undefined {
  try {
    const real = realpathSync(file);
    if (statSync(real).size > MOST_IN_MEMORY || existsSync(`${real}-wal`)) return undefined;
    const bytes = readFileSync(real);
    if (MODES.some(at => bytes[at] !== WAL)) return undefined;
    for (const at of MODES) bytes[at] = ROLLBACK;
    return bytes;
  } catch {
    return undefined;
  }
}

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
      handle = openSqlite(bytesOf(file) ?? file, { readonly: true, fileMustExist: true, timeout: 10_000 });
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
