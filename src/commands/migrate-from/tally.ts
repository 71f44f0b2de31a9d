import { type EarlierRow, type RowFault, Seen } from './earlier-rows.js';

/** What became of the rows of one kind, or would. */
export interface Count {
  rows: number;
  /** Brought; in a dry run, what would be. */
  brought: number;
  /** From an earlier run. */
  there: number;
  /** Clients that have the name of one that was here. */
  joined: number;
  /** Rows with something that could not be read. */
  unreadable: number;
}

const none = (): Count => ({ rows: 0, brought: 0, there: 0, joined: 0, unreadable: 0 });

/** What is reported at the end. */
export class Tally {
  readonly counts = { clients: none(), credentials: none(), history: none() };
  readonly faults: RowFault[] = [];
  readonly seen = new Seen();
  private readonly refused = new Set<string>();
  /** Rows that lost their handle because another one has it. */
  handles = 0;

  /** Notes why a row is not brought. */
  refuse(count: Count, faults: RowFault[], row?: EarlierRow): void {
    count.unreadable += 1;
    this.faults.push(...faults);
    if (row) this.refused.add(JSON.stringify(row.named));
  }

  isRefused(row: EarlierRow): boolean {
    return this.refused.has(JSON.stringify(row.named));
  }
}
