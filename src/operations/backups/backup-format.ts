import type { ColumnKind } from '../../core/database/columns.js';
import type { Dialect, SqlValue } from '../../core/database/sql.js';

/** What is sealed is NDJSON (gzip): see docs/operations.md. */
export const BACKUP_KIND = 'backup';

export type BackupSide = 'main' | 'keystore';

/** What may be read of a backup without a key. */
export interface BackupFacts {
  /** UUID. */
  id: string;
  /** ISO 8601: the moment that it shows. */
  created_at: string;
  /** Of the program that has made it. */
  version: string;
  install_id: string;
  /** Of the master key that opens it. */
  kek_id: string;
  /** What it was made from; it goes into either. */
  database: Dialect;
  trail: TrailFacts;
}

/** The head of the audit trail: how many entries are sealed, and the newest checkpoint (C2SP tlog-checkpoint). */
export interface TrailFacts {
  sealed: number;
  checkpoint: string | null;
}

/** A table with its columns and their kinds, as they are stored in either database. */
export interface BackupTable {
  database: BackupSide;
  table: string;
  columns: [name: string, kind: ColumnKind][];
}

/** The migrations that had run. */
export type BackupMigrations = Record<BackupSide, string[]>;

/** What a backup consists of, in this order: migrations, then each table with its rows, then the end. */
export type BackupPart =
  | { part: 'migrations'; migrations: BackupMigrations }
  | { part: 'table'; table: BackupTable }
  | { part: 'row'; row: SqlValue[] };

export interface Counts {
  tables: number;
  rows: number;
}
