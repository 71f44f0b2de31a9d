import { ConflictError, OpskeepError } from '../../context/errors.js';
import { inParts } from '../../database/sql.js';
import type { Units } from '../../database/units.js';
import { nextTurn, turnIsOver } from '../../workers/turns.js';
import { faultOf } from './bulk-fault.js';

/** How a resource takes one item: what is done before the transaction, and in it. */
export interface BulkSteps<R extends { id: string }> {
  table: string;
  /** Checks and completes a body; it begins no transaction. */
  prepare: (item: unknown) => Promise<object>;
  /** Reads once what every body will ask for. */
  askAhead: (bodies: object[]) => Promise<void>;
  create: (body: object) => Promise<{ id: string }>;
  /** How a body is made a row that is stored together with others; undefined for one that is created alone. */
  draft: (body: object) => (() => Promise<Draft<R>>) | undefined;
  /** Stores rows together: all of them or none. */
  insert: (rows: R[]) => Promise<void>;
  /** How many are stored together at most. */
  together: number;
  /** Learns of the faults that do not end the request. */
  refused: (error: OpskeepError) => Promise<void>;
}

/** A checked row that is stored with others, or alone where that fails; its entry follows. */
export interface Draft<R> {
  row: R;
  insert: () => Promise<void>;
  record: () => void;
}

/** Into so many parts goes what cannot be stored together. */
const PARTS = 10;

/** Stores the items of one request in their order; drafts gather until there are enough, or anybody reads or writes. */
export class BulkItems<R extends { id: string }> {
  private readonly outcomes: (string | OpskeepError)[] = [];
  private waiting: { index: number; draft: Draft<R> }[] = [];
  private stored: { index: number; draft: Draft<R> }[] = [];
  /** What ended the request while a draft was being made that only brought it about. */
  private failure?: { error: unknown };

  constructor(
    private readonly units: Units,
    private readonly atomic: boolean,
    private readonly steps: BulkSteps<R>,
  ) {}

  /** The ids, or what is wrong with an item. */
  async store(bodies: (object | OpskeepError)[]): Promise<(string | OpskeepError)[]> {
    const { create, draft } = this.steps;
    for (const [index, body] of bodies.entries()) {
      if (turnIsOver()) await nextTurn();
      if (body instanceof OpskeepError) {
        this.outcomes[index] = body;
        continue;
      }
      const make = draft(body);
      if (make) {
        await this.gather(index, make);
        continue;
      }
      await this.flush();
      await this.attempt(index, async () => (this.outcomes[index] = (await create(body)).id));
    }
    await this.flush();
    return this.outcomes;
  }

  private async gather(index: number, make: () => Promise<Draft<R>>): Promise<void> {
    const draft = await this.attempt(index, make);
    this.recordStored();
    if (!draft) return;
    this.waiting.push({ index, draft });
    if (this.waiting.length >= this.steps.together) return this.flush();
    this.units.beforeNext(() => this.write(), this.steps.table);
  }

  /** What came of the work of one item; undefined, with its fault, where it failed. */
  private async attempt<T>(index: number, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await (this.atomic ? work() : this.units.attempt(work));
    } catch (error) {
      if (this.failure) throw this.failure.error;
      // The fault of an item before this one comes first.
      if (this.atomic && error instanceof OpskeepError) await this.flush();
      this.outcomes[index] = faultOf(error, this.atomic, index);
      return undefined;
    }
  }

  private async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    this.units.beforeNext(() => this.write(), this.steps.table);
    await this.units.writeWaiting();
    this.recordStored();
  }

  private recordStored(): void {
    if (this.failure) throw this.failure.error;
    for (const { index, draft } of this.stored) {
      draft.record();
      this.outcomes[index] = draft.row.id;
    }
    this.stored = [];
  }

  private async write(): Promise<void> {
    const drafts = this.waiting;
    this.waiting = [];
    try {
      await this.writeAll(drafts);
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }

  /** Together; or, where one of them is taken, in ever smaller parts, so that the fault is known for that of its item. */
  private async writeAll(drafts: { index: number; draft: Draft<R> }[]): Promise<void> {
    const [first] = drafts;
    if (first && drafts.length === 1) return this.writeOne(first);
    if (await this.isInserted(drafts.map(one => one.draft.row))) this.stored.push(...drafts);
    else for (const part of inParts(drafts, Math.ceil(drafts.length / PARTS))) await this.writeAll(part);
  }

  private async isInserted(rows: R[]): Promise<boolean> {
    try {
      await this.steps.insert(rows);
      return true;
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
  }

  private async writeOne(one: { index: number; draft: Draft<R> }): Promise<void> {
    try {
      await one.draft.insert();
      this.stored.push(one);
    } catch (error) {
      this.outcomes[one.index] = faultOf(error, this.atomic, one.index);
    }
  }
}
