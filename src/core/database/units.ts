import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { StaleRowError } from '../context/errors.js';
import { isRetryable, isUnavailable } from './database-errors.js';
import { MainDatabase } from './main-database.js';
import { Row, Sql, SqlValue, Transaction } from './sql.js';

const ATTEMPTS = 6;

/** One unit: a transaction that begins with the first statement, and what waits for its commit. */
class Unit {
  readonly afterCommit: (() => void)[] = [];
  /** By purpose: what was gathered, and the statement that writes it all as the last of the unit. */
  readonly gathered = new Map<string, { items: unknown[]; write: (items: never[]) => Promise<void> }>();
  savepoints = 0;
  /** Whether a statement has changed a row. */
  changed = false;
  readonly afterEnd: (() => Promise<void>)[] = [];
  private transaction?: Promise<Transaction>;
  private ended = false;
  constructor(private readonly database: MainDatabase) {}

  begun(patience?: number): Promise<Transaction> {
    if (this.ended) throw new Error('A statement came after the end of its unit: a promise was not awaited');
    return (this.transaction ??= this.database.connections.begin(patience));
  }

  async commit(): Promise<void> {
    for (const { items, write } of this.gathered.values())
      if (items.length > 0) await write(items as never[]);
    this.ended = true;
    const begun = await this.transaction;
    // From here on the connection may serve another unit: nothing of this one may touch it any more.
    this.transaction = undefined;
    await begun?.commit();
  }

  async rollback(): Promise<void> {
    this.ended = true;
    const begun = await this.transaction?.catch(() => undefined);
    await begun?.rollback();
  }
}

/** What is committed stays so: a fault in an announcement reaches neither the caller nor the next announcement. */
function runAnnouncement(announce: () => void): void {
  try {
    announce();
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error as Error);
}

/**
 * The unit of work: one request, one transaction. Nested runs join. The transaction begins with the first
 * row. On MariaDB a deadlock (1213), a lock wait (1205) or a record changed meanwhile (1020) runs the whole
 * work anew, and so does a row that changed under a conditional write; a connection lost at COMMIT never is.
 */
@Injectable()
export class Units {
  private readonly current = new AsyncLocalStorage<Unit>();
  /**
   * Statements inside the running unit, or, without one, reads of what is committed. `scan` is for queries that
   * may look at very many rows; inside a unit it is no more than `select`, which sees what the unit has written.
   */
  readonly sql: Sql & Pick<Transaction, 'change'> & { scan: Sql['select'] };

  private lastly: (changed: boolean) => void = () => undefined;

  constructor(private readonly database: MainDatabase) {
    this.sql = {
      dialect: database.connections.dialect,
      select: <T = Row>(text: string, values?: readonly SqlValue[]) => this.select<T>(text, values),
      scan: <T = Row>(text: string, values?: readonly SqlValue[]) =>
        this.active ? this.select<T>(text, values) : database.connections.scanner.select<T>(text, values),
      change: (text, values, patience) => this.change(text, values, patience),
    };
  }

  get active(): boolean {
    return this.current.getStore() !== undefined;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.current.getStore()) return work();
    for (let attempt = 1; ; attempt++) {
      const unit = new Unit(this.database);
      try {
        const result = await this.current.run(unit, async () => {
          const done = await work();
          this.lastly(unit.changed);
          await unit.commit();
          return done;
        });
        this.current.exit(() => unit.afterCommit.forEach(runAnnouncement));
        await this.end(unit);
        return result;
      } catch (error) {
        await unit.rollback();
        if (attempt >= ATTEMPTS || !(isRetryable(error) || error instanceof StaleRowError)) {
          await this.end(unit);
          throw error;
        }
        await sleep(Math.random() * 15 * 2 ** attempt);
      }
    }
  }

  /**
   * Outside of the caller's unit: what is read is committed, and the units of `work` stand although the caller's
   * fails. Only before the first statement of the caller's unit: SQLite has one writer.
   */
  outside<T>(work: () => Promise<T>): Promise<T> {
    return this.current.exit(work);
  }

  /** A savepoint: a failure inside undoes what was done inside, and nothing else. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const unit = this.current.getStore();
    if (!unit) return this.run(work);
    const name = `s${++unit.savepoints}`;
    const announced = unit.afterCommit.length;
    const { changed } = unit;
    const counts = new Map([...unit.gathered].map(([purpose, { items }]) => [purpose, items.length]));
    const transaction = await unit.begun();
    await transaction.change(`SAVEPOINT ${name}`);
    try {
      const result = await work();
      await transaction.change(`RELEASE SAVEPOINT ${name}`);
      return result;
    } catch (error) {
      // A deadlock, a full disk or a lost connection has already undone the whole transaction.
      if (isUnavailable(error)) throw error;
      await transaction.change(`ROLLBACK TO SAVEPOINT ${name}`);
      unit.afterCommit.length = announced;
      unit.changed = changed;
      for (const [purpose, { items }] of unit.gathered) items.length = counts.get(purpose) ?? 0;
      throw error;
    }
  }

  /** Runs after the commit, never after a rollback; a fault in it cannot undo anything. */
  afterCommit(announce: () => void): void {
    const unit = this.current.getStore();
    if (unit) unit.afterCommit.push(announce);
    else announce();
  }

  /**
   * Runs after the unit has ended, with a commit or not, outside of it; whoever runs the unit waits for it. For what
   * must stand although a request fails. Without a unit, at once.
   */
  async afterEnd(work: () => Promise<void>): Promise<void> {
    const unit = this.current.getStore();
    if (unit) unit.afterEnd.push(work);
    else await work();
  }

  /** Has `work` called at the end of every unit, before its commit and inside of it, with whether it changed a row. */
  beforeEveryCommit(work: (changed: boolean) => void): void {
    this.lastly = work;
  }

  /** Whether the running unit has changed a row; false without one. */
  get changed(): boolean {
    return this.current.getStore()?.changed ?? false;
  }

  /** How many items the running unit has gathered for a purpose. */
  gathered(purpose: string): number {
    return this.current.getStore()?.gathered.get(purpose)?.items.length ?? 0;
  }

  /** Gathers items that one `write` stores inside the transaction, as the last of its statements. */
  beforeCommit<I>(purpose: string, items: I[], write: (items: I[]) => Promise<void>): void {
    const unit = this.current.getStore();
    if (!unit) throw new Error('A change needs a unit of work: units.run(…)');
    const known = unit.gathered.get(purpose);
    if (known) known.items.push(...items);
    else unit.gathered.set(purpose, { items: [...items], write });
  }

  private async end(unit: Unit): Promise<void> {
    // Neither a commit nor its failure is undone by what comes after it.
    for (const work of unit.afterEnd) await this.current.exit(work).catch(warn);
  }

  private select<T>(text: string, values?: readonly SqlValue[]): Promise<T[]> {
    const unit = this.current.getStore();
    if (!unit) return this.database.connections.reader.select<T>(text, values);
    return unit.begun().then(transaction => transaction.select<T>(text, values));
  }

  private change(text: string, values?: readonly SqlValue[], patience?: number): Promise<number> {
    const unit = this.current.getStore();
    if (!unit) throw new Error('A change needs a unit of work: units.run(…)');
    return unit
      .begun(patience)
      .then(transaction => transaction.change(text, values, patience))
      .then(count => {
        unit.changed ||= count > 0;
        return count;
      });
  }
}
