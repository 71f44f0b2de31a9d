import { setTimeout as sleep } from 'node:timers/promises';
import { OpskeepError, UnavailableError } from '../context/errors.js';
import { duplicateOf, isUnavailable } from '../database/database-errors.js';
import type { Row } from '../database/sql.js';

const MAX_WAITING = 20_000;
const BATCH = 500;
/** How often one batch is tried where the database did not say what became of it. */
const ATTEMPTS = 3;

interface Waiting {
  rows: Row[];
  done: () => void;
  failed: (error: unknown) => void;
}

/** Where the entries go. */
export interface Journal {
  /** Inserts and commits, all or none. */
  write: (rows: Row[], patience: number) => Promise<void>;
  /** Those that are not there. */
  missing: (rows: Row[]) => Promise<Row[]>;
}

/**
 * Entries of everybody who reads at the same time, in one statement and one commit. What is refused for its data fails
 * alone: the batch is halved until nobody else depends on it. Where the answer of the database was lost, the same
 * entries are written again, and those that are there count as written.
 */
export class SharedInsert {
  private readonly waiting: Waiting[] = [];
  private flushing = false;

  /** @param patience milliseconds that anybody waits */
  constructor(
    private readonly journal: Journal,
    private readonly patience: number,
  ) {}

  /** Resolves when they are committed. @throws UnavailableError when nobody knows that in time; what the database says */
  async add(rows: Row[]): Promise<void> {
    if (this.waiting.length >= MAX_WAITING) throw new UnavailableError('The audit trail cannot keep up');
    await new Promise<void>((resolve, reject) => {
      const one: Waiting = { rows, done: resolve, failed: reject };
      const late = setTimeout(() => {
        const place = this.waiting.indexOf(one);
        if (place >= 0) this.waiting.splice(place, 1);
        reject(new UnavailableError('The audit trail does not answer'));
      }, this.patience);
      one.done = () => {
        clearTimeout(late);
        resolve();
      };
      one.failed = error => {
        clearTimeout(late);
        reject(error as Error);
      };
      this.waiting.push(one);
      if (!this.flushing) void this.flush();
    });
  }

  private async flush(): Promise<void> {
    this.flushing = true;
    // One turn of the event loop: whoever reads at the same time comes along.
    await new Promise(resolve => setImmediate(resolve));
    while (this.waiting.length > 0) await this.writeAll(this.waiting.splice(0, BATCH));
    this.flushing = false;
  }

  private async writeAll(batch: Waiting[]): Promise<void> {
    try {
      await this.writeOnce(batch.flatMap(one => one.rows));
      batch.forEach(one => one.done());
    } catch (error) {
      if (batch.length === 1 || !isRefusal(error)) return batch.forEach(one => one.failed(error));
      const half = Math.ceil(batch.length / 2);
      await this.writeAll(batch.slice(0, half));
      await this.writeAll(batch.slice(half));
    }
  }

  private async writeOnce(all: Row[]): Promise<void> {
    const deadline = performance.now() + this.patience;
    let rows = all;
    for (let attempt = 1; rows.length > 0; attempt++)
      try {
        return await this.journal.write(rows, Math.max(1, deadline - performance.now()));
      } catch (error) {
        const isOpen = isUnavailable(error) || duplicateOf(error) !== undefined;
        if (!isOpen || attempt >= ATTEMPTS || performance.now() > deadline) throw error;
        await sleep(Math.random() * 50 * attempt);
        rows = await this.journal.missing(rows);
      }
  }
}

/** The database, or what is written before it, does not take these entries as they are. */
function isRefusal(error: unknown): boolean {
  return !isUnavailable(error) && !(error instanceof OpskeepError);
}
