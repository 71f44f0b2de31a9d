import type { Row } from '../../database/sql.js';

/** Which check was not passed. */
export const FAULT_KINDS = [
  'mac', 'key', 'changed', 'missing', 'place', 'duplicate', 'tree', 'checkpoint', 'history', 'rollback', 'stopped',
  'order', 'future',
] as const; // prettier-ignore
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One thing that is wrong with the journal, and the entry where it was seen. */
export interface JournalFault {
  kind: FaultKind;
  /** The place in the trail from which on it is not what was sealed; null where the entry has none. */
  seq: number | null;
  /** Of the entry; null where it is not there, or the fault is that of no entry. */
  n: number | null;
  id: string | null;
  at: string | null;
  message: string;
}

export interface Verification {
  ok: boolean;
  /** Entries that were read. */
  checked: number;
  /** Those of them that are sealed. */
  sealed: number;
  /** How many faults there are; `faults` holds the first of them. */
  fault_count: number;
  faults: JournalFault[];
  /** What is odd and may have an innocent cause, such as a clock that was set. */
  warnings: JournalFault[];
}

const KEPT = 100;
/** They name no single entry. */
const OF_THE_TRAIL = new Set<FaultKind>(['tree', 'checkpoint', 'history', 'rollback', 'stopped']);

export function entryFault(kind: FaultKind, entry: Row, message: string): JournalFault {
  const seq = entry.seq === null || entry.seq === undefined ? null : Number(entry.seq);
  return { kind, seq, n: Number(entry.n), id: String(entry.id), at: String(entry.at), message };
}

/** A fault of the trail itself, seen at a place of it. */
export function trailFault(kind: FaultKind, seq: number | null, message: string): JournalFault {
  return { kind, seq, n: null, id: null, at: null, message };
}

/** What is found on the way; of many faults the first are kept. */
export class Findings {
  private count = 0;
  private readonly faults: JournalFault[] = [];
  private readonly warnings: JournalFault[] = [];
  checked = 0;

  fault(...found: JournalFault[]): void {
    this.count += found.length;
    this.faults.push(...found.slice(0, KEPT - this.faults.length));
  }

  warn(...found: JournalFault[]): void {
    this.warnings.push(...found.slice(0, KEPT - this.warnings.length));
  }

  /** What is known of single entries first, then what is known of the trail from some place on; each in its order. */
  result(sealed: number): Verification {
    const last = Number.MAX_SAFE_INTEGER;
    const rank = ({ kind }: JournalFault) => (OF_THE_TRAIL.has(kind) ? 1 : 0);
    this.faults.sort(
      (a, b) => rank(a) - rank(b) || (a.seq ?? last) - (b.seq ?? last) || (a.n ?? last) - (b.n ?? last),
    );
    const { checked, count, faults, warnings } = this;
    return { ok: count === 0, checked, sealed, fault_count: count, faults, warnings };
  }
}
