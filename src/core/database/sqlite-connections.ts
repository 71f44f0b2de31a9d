import { setTimeout as sleep } from 'node:timers/promises';
import type BetterSqlite from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { openSqlite, SQLITE_PACKAGE } from '../../formats/sqlite-driver.js';
import { UnavailableError } from '../context/errors.js';
import { currentContext } from '../context/request-context.js';
import { nextTurn, turnIsOver } from '../workers/turns.js';
import { WorkerThread } from '../workers/worker-thread.js';
import { isBusy } from './database-errors.js';
import { type Snapshot, sqliteSnapshot } from './snapshots.js';
import type { Connections, Load, Row, Sql, SqlValue, Transaction } from './sql.js';
import { WriterLine } from './writer-line.js';

const QUEUE_LIMIT_MS = 10_000;
const SCAN_LIMIT_MS = 20_000;
/** How long the transaction of a request may last: while others wait for the writer, and at all. */
const HOLD_MS = 5_000;
const LONGEST_MS = 30_000;

interface Scans {
  select: { input: { text: string; values: readonly SqlValue[] }; output: Row[] };
}

/** Pragmas of every connection; `synchronous` is set after WAL because WAL alone leaves NORMAL behind. */
export function prepareSqlite(handle: BetterSqlite.Database): void {
  handle.pragma('journal_mode = WAL');
  handle.pragma('synchronous = FULL');
  handle.pragma('foreign_keys = ON');
  handle.pragma('recursive_triggers = ON');
  handle.pragma('busy_timeout = 20');
}

class Statements {
  private readonly cache = new LRUCache<string, BetterSqlite.Statement>({ max: 300 });
  constructor(readonly handle: BetterSqlite.Database) {}

  get(text: string): BetterSqlite.Statement {
    let statement = this.cache.get(text);
    if (!statement) this.cache.set(text, (statement = this.handle.prepare(text)));
    return statement;
  }

  select<T = Row>(text: string, values: readonly SqlValue[] = []): Promise<T[]> {
    return attempt(() => this.get(text).all(...values) as T[]);
  }

  change(text: string, values: readonly SqlValue[] = []): Promise<number> {
    return attempt(() => this.get(text).run(...values).changes);
  }
}

/** Statements are synchronous, and a request with a thousand of them would let nobody else in. */
async function attempt<T>(work: () => T): Promise<T> {
  if (turnIsOver()) await nextTurn();
  return work();
}

/**
 * SQLite as one writing connection behind a queue, and one reading connection of its own: no statement of
 * one request runs inside the transaction of another, and nobody reads what may be rolled back. What looks at
 * very many rows is read by a thread with a third connection, because statements stop the event loop.
 */
export class SqliteConnections implements Connections {
  readonly dialect = 'sqlite';
  readonly reader: Sql;
  readonly scanner: Sql;
  readonly file: { driver: string; file: string };
  private readonly scans: WorkerThread<Scans>;
  private readonly readHandle: BetterSqlite.Database;
  private readonly writer: Statements;
  private readonly line = new WriterLine();

  constructor(writeHandle: BetterSqlite.Database) {
    this.writer = new Statements(writeHandle);
    this.readHandle = openSqlite(writeHandle.name, { readonly: true, timeout: 20 });
    const reads = new Statements(this.readHandle);
    this.reader = { dialect: 'sqlite', select: (text, values) => reads.select(text, values) };
    const script = new URL('./sqlite-scan.mjs', import.meta.url);
    this.file = { driver: SQLITE_PACKAGE, file: writeHandle.name };
    this.scans = new WorkerThread(script, this.file);
    this.scanner = {
      dialect: 'sqlite',
      select: async <T = Row>(text: string, values: readonly SqlValue[] = []) =>
        (await this.scans.run('select', { text, values }, SCAN_LIMIT_MS)) as T[],
    };
  }

  begin(patience = QUEUE_LIMIT_MS): Promise<Transaction> {
    return this.beginIn(this.line.turn(patience), performance.now() + patience);
  }

  private async beginIn(turn: Promise<() => void>, deadline: number): Promise<Transaction> {
    const release = await turn;
    try {
      await this.beginImmediate(deadline);
    } catch (error) {
      release();
      throw error;
    }
    return new SqliteTransaction(this.writer, this.line, release);
  }

  async commitOne(text: string, values: readonly SqlValue[], patience = QUEUE_LIMIT_MS): Promise<number> {
    // It is for nobody alone: what many read at the same time is on the record with one statement.
    const turn = this.line.turn(patience, '');
    const transaction = await this.beginIn(turn, performance.now() + patience);
    try {
      const count = await transaction.change(text, values);
      await transaction.commit();
      return count;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }

  ping(): Promise<void> {
    return this.reader.select('SELECT 1').then(() => undefined);
  }

  load(): Load {
    return this.line.load();
  }

  snapshot(): Promise<Snapshot> {
    return Promise.resolve(sqliteSnapshot(this.writer.handle.name));
  }

  /** The log is emptied, unless a reader elsewhere needs it just now: then the next one to write begins it anew. */
  async scrub(): Promise<void> {
    const release = await this.line.turn(QUEUE_LIMIT_MS);
    try {
      await this.writer.select('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      release();
    }
  }

  async close(): Promise<void> {
    await this.scans.close();
    this.readHandle.close();
  }

  /** IMMEDIATE takes the write lock at once; a second process (the command line) is waited for without blocking. */
  private async beginImmediate(deadline: number): Promise<void> {
    for (;;) {
      try {
        await this.writer.change('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
        await sleep(5 + Math.random() * 20);
      }
    }
  }
}

class SqliteTransaction implements Transaction {
  readonly dialect = 'sqlite';
  private readonly began = performance.now();
  /** The command line and the jobs take the time that they need. */
  private readonly isBounded = currentContext()?.route !== undefined;
  private overdue?: UnavailableError;
  private ended = false;
  constructor(
    private readonly writer: Statements,
    private readonly line: WriterLine,
    private readonly release: () => void,
  ) {}

  async select<T = Row>(text: string, values?: readonly SqlValue[]): Promise<T[]> {
    this.requireOpen();
    this.requireTime();
    return this.writer.select<T>(text, values);
  }

  async change(text: string, values?: readonly SqlValue[]): Promise<number> {
    this.requireOpen();
    this.requireTime();
    return this.writer.change(text, values);
  }

  /** One request may not keep all others from writing; what it has done is undone, whatever it makes of the error. */
  private requireTime(): void {
    const held = performance.now() - this.began;
    if (this.isBounded && (held > LONGEST_MS || (held > HOLD_MS && this.line.isWanted)))
      this.overdue ??= new UnavailableError(
        'The request would hold the database too long; ask for less at once',
      );
    if (this.overdue) throw this.overdue;
  }

  /** A full disk or an I/O error undoes the whole transaction; what came after would commit by itself. */
  private requireOpen(ended = this.ended): void {
    if (ended || !this.writer.handle.inTransaction)
      throw new UnavailableError('The database has undone the transaction');
  }

  async commit(): Promise<void> {
    const { ended } = this;
    this.ended = true;
    try {
      this.requireOpen(ended);
      if (this.overdue) throw this.overdue;
      await this.writer.change('COMMIT');
    } catch (error) {
      if (this.writer.handle.inTransaction) await this.writer.change('ROLLBACK');
      throw error;
    } finally {
      this.release();
    }
  }

  /** After a commit, failed or not, the connection may be inside another transaction: nothing is done. */
  async rollback(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    try {
      if (this.writer.handle.inTransaction) await this.writer.change('ROLLBACK');
    } finally {
      this.release();
    }
  }
}
