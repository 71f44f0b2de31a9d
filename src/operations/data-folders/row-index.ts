import { createHash } from 'node:crypto';
import type BetterSqlite from 'better-sqlite3';
import { openSqlite } from '../../formats/sqlite-driver.js';

const TABLES = `
CREATE TABLE ids (part text, id text, client_id text, PRIMARY KEY (part, id)) WITHOUT ROWID;
CREATE TABLE uniques (hash blob PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE refs (part text, id text, client_id text, is_required integer, file text, row integer, field text,
  PRIMARY KEY (part, id, client_id, is_required)) WITHOUT ROWID;
CREATE TABLE missing (part text, id text, PRIMARY KEY (part, id)) WITHOUT ROWID`;

/** Where a reference stands that leads to no good. */
export interface Place {
  part: string;
  id: string;
  file: string;
  row: number;
  field: string;
  is_required: number;
}

/** A row that something refers to. */
export interface Target {
  part: string;
  id: string;
}

/**
 * What the rows of a folder are known by and refer to, in a file of SQLite that nobody sees and that goes with the
 * process: however many rows there are, little of it is held.
 */
export class RowIndex {
  private readonly database: BetterSqlite.Database;
  private readonly statements = new Map<string, BetterSqlite.Statement>();

  constructor() {
    this.database = openSqlite('');
    this.database.pragma('journal_mode = OFF');
    this.database.pragma('synchronous = OFF');
    this.database.exec(`${TABLES}; BEGIN`);
  }

  /** @returns whether the part has no such row yet */
  add(part: string, id: string, client_id: string | null): boolean {
    return this.change('INSERT OR IGNORE INTO ids VALUES (?, ?, ?)', part, id, client_id) === 1;
  }

  /** @returns whether no row of the part has these values yet */
  addUnique(part: string, what: string, values: unknown): boolean {
    const hash = createHash('sha256')
      .update(JSON.stringify([part, what, values]))
      .digest();
    return this.change('INSERT OR IGNORE INTO uniques VALUES (?)', hash) === 1;
  }

  /** @param client_id of the row that refers; null where clients are not compared */
  refer(target: Target, client_id: string | null, at: Omit<Place, keyof Target>): void {
    this.change(
      'INSERT OR IGNORE INTO refs VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[target.part, target.id, client_id ?? '', at.is_required, at.file, at.row, at.field],
    );
  }

  /** References to rows that are not in the folder. */
  unknown(): IterableIterator<Place> {
    const text =
      'SELECT refs.* FROM refs LEFT JOIN ids ON ids.part = refs.part AND ids.id = refs.id WHERE ids.id IS NULL';
    return this.database.prepare(text).iterate() as IterableIterator<Place>;
  }

  /** References to rows of another client. */
  strangers(): IterableIterator<Place> {
    const text =
      "SELECT refs.* FROM refs JOIN ids ON ids.part = refs.part AND ids.id = refs.id WHERE refs.client_id <> '' AND ids.client_id <> refs.client_id";
    return this.database.prepare(text).iterate() as IterableIterator<Place>;
  }

  /** Notes rows that are nowhere. */
  miss(targets: Target[]): void {
    for (const { part, id } of targets) this.change('INSERT OR IGNORE INTO missing VALUES (?, ?)', part, id);
  }

  isMissing(part: string, id: string): boolean {
    return this.prepared('SELECT 1 FROM missing WHERE part = ? AND id = ?').get(part, id) !== undefined;
  }

  close(): void {
    this.database.close();
  }

  private change(text: string, ...values: (string | number | Buffer | null)[]): number {
    return this.prepared(text).run(...values).changes;
  }

  private prepared(text: string): BetterSqlite.Statement {
    const known = this.statements.get(text) ?? this.database.prepare(text);
    this.statements.set(text, known);
    return known;
  }
}
