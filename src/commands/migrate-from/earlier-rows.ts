import type { Body } from '../../core/resource/resource.service.js';

/** Why a row cannot be brought; never with a value. */
export interface RowFault {
  table: string;
  /** What names the row at its source. */
  row: string;
  column?: string;
  reason: string;
}

/** A row of an earlier system, opened: what it becomes here, or why it cannot. */
export interface EarlierRow {
  table: string;
  row: string;
  /** What names it for good, so that it comes once. */
  named: (string | null)[];
  /** What names its client at the source. */
  client: string | null;
  /** What names its user at the source. */
  user: string | null;
  /** One for each row that it becomes; a credential with secrets of several types becomes several. */
  bodies: Body[];
  faults: RowFault[];
}

/** An audit entry of an earlier system: history, which is kept as it is. */
export interface EarlierHistory {
  row: string;
  named: (string | null)[];
  /** What names its credential at the source. */
  credential: string | null;
  columns: Record<string, string | null>;
  faults: RowFault[];
}

/** What was seen while rows were read, beside the rows. */
export class Seen {
  /** Values that a key has opened. */
  opened = 0;
  /** Values that were to be opened, and were not. */
  closed = 0;
  /** Values that nobody had encrypted. */
  plaintext = 0;
  /** Columns whose values stand in the notes, since no field here takes them, and how many. */
  readonly inNotes = new Map<string, number>();
  /** Columns whose values hold secrets and came as shared secrets of their own, and how many. */
  readonly sealed = new Map<string, number>();
  /** Columns that nothing here takes, and how many values they have. */
  readonly leftOut = new Map<string, number>();

  static count(counts: Map<string, number>, name: string): void {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
}

/** An earlier system, which may be read several times and is the same each time. */
export interface EarlierSystem {
  /** Which kind of system it is: `fernet`, `v2`, `credentials-file`. */
  kind: string;
  /** What tells it from others of its kind, where rows could have the same names in both. */
  label: string;
  totals: { clients: number; credentials: number; history: number };
  clients(seen: Seen): AsyncIterable<EarlierRow>;
  credentials(seen: Seen): AsyncIterable<EarlierRow>;
  history(): AsyncIterable<EarlierHistory>;
  /** What is said before anything is done. */
  warnings: string[];
  close(): Promise<void>;
}
