import type { Row } from '../database/sql.js';
import { DelayedTask } from '../workers/delayed-task.js';

/** So many entries are kept at most; what comes after them is lost, and logged. */
const MOST = 20_000;
const PART = 500;
const RETRY_MS = 2_000;

/**
 * Entries that could not be written when they were due, because the database was busy or away: they are written as
 * soon as it answers, with the time at which it happened. Nobody waits for them.
 */
export class OwedEntries {
  private readonly rows: Row[] = [];
  private readonly paying = new DelayedTask(() => this.payAll(), { pause: RETRY_MS });

  /** @param write an entry that is there already (its answer was lost) counts as written */
  constructor(private readonly write: (rows: Row[]) => Promise<void>) {}

  /** False when there are too many. */
  add(rows: Row[]): boolean {
    if (this.rows.length + rows.length > MOST) return false;
    this.rows.push(...rows);
    this.paying.soon();
    return true;
  }

  /** Tries once; what still cannot be written is tried again later. */
  pay(): Promise<void> {
    return this.paying.now();
  }

  private async payAll(): Promise<void> {
    while (this.rows.length > 0) {
      const part = this.rows.slice(0, PART);
      await this.write(part);
      this.rows.splice(0, part.length);
    }
  }
}
