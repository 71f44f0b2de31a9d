import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { StaleRowError } from '../context/errors.js';
import { isRetryable, isUnavailable } from './database-errors.js';
import { MainDatabase } from './main-database.js';
import { Row, Sql, SqlValue, Transaction } from './sql.js';
import { backOff } from './transact.js';
import { type Point, Unit } from './unit.js';

const ATTEMPTS = 6;

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
  /** The unit whose waiting statements run just now. */
  private readonly writer = new AsyncLocalStorage<Unit>();
  /**
   * Statements inside the running unit, or, without one, reads of what is committed. `scan` is for queries that
   * may look at very many rows; inside a unit it is no more than `select`, which sees what the unit has written.
   */
  readonly sql: Sql & Pick<Transaction, 'change'> & { scan: Sql['select'] };

  private firstly: () => Promise<void> = () => Promise.resolve();
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

  /** Whether a statement of the running unit has begun its transaction; false without one. */
  get hasBegun(): boolean {
    return this.current.getStore()?.hasBegun ?? false;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.current.getStore()) return work();
    for (let attempt = 1; ; attempt++) {
      const unit = new Unit(this.database, this.firstly);
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
        await backOff(attempt);
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

  /** A failure inside undoes what was done inside, and nothing else; what changes nothing costs no savepoint. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const unit = this.current.getStore();
    if (!unit) return this.run(work);
    const point: Point = { name: `s${++unit.pointsMade}` };
    const announced = unit.afterCommit.length;
    const counts = new Map([...unit.gathered].map(([purpose, { items }]) => [purpose, items.length]));
    unit.points.push(point);
    try {
      const result = await work();
      await unit.release(point);
      return result;
    } catch (error) {
      // A deadlock, a full disk or a lost connection has already undone the whole transaction.
      if (isUnavailable(error)) throw error;
      await unit.backTo(point);
      unit.afterCommit.length = announced;
      for (const [purpose, { items }] of unit.gathered) items.length = counts.get(purpose) ?? 0;
      throw error;
    } finally {
      unit.points = unit.points.filter(one => one !== point);
    }
  }

  /**
   * Has `work` called before the next statement of the running unit, whoever runs it: what is written together with
   * others is there for whoever reads. It is no part of a savepoint that is open then.
   *
   * @param table the one that `work` writes: a query that does not name it need not wait
   */
  beforeNext(work: () => Promise<void>, table = ''): void {
    const unit = this.current.getStore();
    if (!unit) throw new Error('A change needs a unit of work: units.run(…)');
    unit.waiting = work;
    unit.waitingTable = table;
  }

  /** Does now what waits for the next statement of the running unit. */
  async writeWaiting(): Promise<void> {
    const unit = this.current.getStore();
    if (unit) await this.written(unit);
  }

  /**
   * What `read` finds, asked once in a unit until the table is written, or a row of any table changed or deleted. That
   * there is nothing is asked again.
   *
   * @param asked what and, where it matters, for whom
   */
  remembered<T>(table: string, asked: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
    const unit = this.current.getStore();
    return unit ? unit.remembered(table, asked, read) : read();
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

  /**
   * Has `work` called in every unit before its first change, when its transaction has begun: on SQLite nobody else
   * changes anything from then on.
   */
  beforeFirstChange(work: () => Promise<void>): void {
    this.firstly = work;
  }

  /** What comes before the first change, now: for changes inside of `attempt`, which shall not take a refusal for theirs. */
  async admitted(): Promise<void> {
    await this.current.getStore()?.admission();
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
    const run = () => unit.begun().then(transaction => transaction.select<T>(text, values));
    const isApart = unit.waiting !== undefined && !text.includes(unit.waitingTable);
    return this.isWaiting(unit) && !isApart ? this.written(unit).then(run) : run();
  }

  private change(text: string, values?: readonly SqlValue[], patience?: number): Promise<number> {
    const unit = this.current.getStore();
    if (!unit) throw new Error('A change needs a unit of work: units.run(…)');
    const run = () => unit.change(text, values, patience);
    return this.isWaiting(unit) ? this.written(unit).then(run) : run();
  }

  private isWaiting(unit: Unit): boolean {
    return (unit.waiting ?? unit.writing) !== undefined && this.writer.getStore() !== unit;
  }

  private async written(unit: Unit): Promise<void> {
    const { waiting, points } = unit;
    if (waiting) {
      unit.waiting = undefined;
      unit.points = [];
      unit.writing = this.writer.run(unit, waiting).finally(() => {
        unit.points = points;
        unit.writing = undefined;
      });
    }
    await unit.writing;
  }
}
