import { z } from 'zod';
import type { ColumnKind } from '../../core/database/columns.js';
import type { SqlValue } from '../../core/database/sql.js';
import { FormatError } from '../../formats/format-error.js';

/** What is sealed is NDJSON (gzip): see docs/operations.md. */
export const BACKUP_KIND = 'backup';

export type BackupSide = 'main' | 'keystore';

const Facts = z.object({
  /** UUID. */
  id: z.uuid(),
  /** The moment that it shows. */
  created_at: z.iso.datetime(),
  /** Of the program that has made it. */
  version: z.string().max(64),
  install_id: z.string().max(64),
  /** Of the master key that opens it. */
  kek_id: z.string().regex(/^[0-9a-f]{16}$/),
  /** What it was made from; it goes into either. */
  database: z.enum(['sqlite', 'mariadb']),
  /** The head of the audit trail: how many entries are sealed, and the newest checkpoint (C2SP tlog-checkpoint). */
  trail: z.object({ sealed: z.int().nonnegative(), checkpoint: z.string().nullable() }),
});

/** What may be read of a backup without a key. */
export type BackupFacts = z.infer<typeof Facts>;

/** What the header of a file says, as facts. @throws FormatError where it says something else */
export function readFacts(said: Record<string, unknown>): BackupFacts {
  const { data, error } = Facts.safeParse(said);
  if (error) throw new FormatError(`its header does not say ${error.issues[0]?.path.join('.')}`);
  return data;
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
