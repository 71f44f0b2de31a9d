import type { MainDatabase } from './main-database.js';
import type { SqlValue, Transaction } from './sql.js';

/** A savepoint, or the place where it will be. */
export interface Point {
  name: string;
  made?: Promise<unknown>;
  /** Whether the unit had changed a row before it was made. */
  changed?: boolean;
}

/** One unit: a transaction that begins with the first statement, and what waits for its commit. */
export class Unit {
  readonly afterCommit: (() => void)[] = [];
  /** By purpose: what was gathered, and the statement that writes it all as the last of the unit. */
  readonly gathered = new Map<string, { items: unknown[]; write: (items: never[]) => Promise<void> }>();
  /** Those that are open, from the outermost; each is made before the first change inside of it. */
  points: Point[] = [];
  pointsMade = 0;
  /** Called before the next statement. */
  waiting?: () => Promise<void>;
  /** The table that it writes; empty where that is not known. */
  waitingTable = '';
  /** What was waiting, while it is written. */
  writing?: Promise<void>;
  /** What was read and holds while the table is as it is: by table, by what was asked. */
  private readonly known = new Map<string, Map<string, unknown>>();
  /** Whether a statement has changed a row. */
  changed = false;
  readonly afterEnd: (() => Promise<void>)[] = [];
  private transaction?: Promise<Transaction>;
  private admitted?: Promise<void>;
  private ended = false;

  /** @param admit called once, before the first change, when the transaction has begun */
  constructor(
    private readonly database: MainDatabase,
    private readonly admit: () => Promise<void>,
  ) {}

  begun(patience?: number): Promise<Transaction> {
    if (this.ended) throw new Error('A statement came after the end of its unit: a promise was not awaited');
    return (this.transaction ??= this.database.connections.begin(patience));
  }

  /** Whether it holds a connection. */
  get hasBegun(): boolean {
    return this.transaction !== undefined;
  }

  /** Resolves when the unit may change rows. */
  async admission(patience?: number): Promise<void> {
    await this.begun(patience);
    await (this.admitted ??= this.admit());
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

  /** Runs a statement that changes rows; returns how many it matched. */
  async change(text: string, values?: readonly SqlValue[], patience?: number): Promise<number> {
    await this.admission(patience);
    const transaction = await this.begun();
    for (const point of this.points) {
      point.changed ??= this.changed;
      await (point.made ??= transaction.change(`SAVEPOINT ${point.name}`));
    }
    if (this.known.size > 0) this.forget(text);
    const count = await transaction.change(text, values, patience);
    this.changed ||= count > 0;
    return count;
  }

  async release({ name, made }: Point): Promise<void> {
    if (made) await (await this.begun()).change(`RELEASE SAVEPOINT ${name}`);
  }

  /** Undoes what was changed since a savepoint. */
  async backTo({ name, made, changed = false }: Point): Promise<void> {
    if (!made) return;
    await (await this.begun()).change(`ROLLBACK TO SAVEPOINT ${name}`);
    this.changed = changed;
    this.known.clear();
  }

  async remembered<T>(
    table: string,
    asked: string,
    read: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const known = this.known.get(table)?.get(asked);
    if (known !== undefined) return known as T;
    const found = await read();
    if (found === undefined) return undefined;
    const answers = this.known.get(table);
    if (answers) answers.set(asked, found);
    else this.known.set(table, new Map([[asked, found]]));
    return found;
  }

  /** A new row makes nothing untrue that was read of other tables; what is changed or deleted may. */
  private forget(text: string): void {
    const table = /^INSERT INTO (\w+)/.exec(text)?.[1];
    if (table === undefined) this.known.clear();
    else this.known.delete(table);
  }
}
