import type { Database } from './database.js';

/**
 * A row stands in it from before the first row of a backup until all of them are there. The table stays, since the
 * account of a keystore may drop none.
 */
export const MARK_TABLE = 'unfinished_restore';

/** Which backup is being put into a database, and whether all of it is there. */
export interface RestoreMark {
  backup_id: string;
  begun_at: string;
  is_loaded: boolean;
}

/** Undefined where no restore has begun, or where it has ended. */
export async function restoreMark(database: Database): Promise<RestoreMark | undefined> {
  const runner = database.dataSource.createQueryRunner();
  try {
    if (!(await runner.hasTable(MARK_TABLE))) return undefined;
    const rows = (await runner.query(`SELECT backup_id, begun_at, is_loaded FROM ${MARK_TABLE}`)) as {
      backup_id: string;
      begun_at: string;
      is_loaded: number;
    }[];
    const [row] = rows;
    return row && { ...row, is_loaded: row.is_loaded === 1 };
  } finally {
    await runner.release();
  }
}

/** In a database that has no mark. */
export async function setRestoreMark(
  { dataSource }: Database,
  mark: Omit<RestoreMark, 'is_loaded'>,
): Promise<void> {
  await dataSource.query(
    `CREATE TABLE IF NOT EXISTS ${MARK_TABLE} (backup_id varchar(36) NOT NULL, begun_at varchar(30) NOT NULL, is_loaded tinyint NOT NULL)`,
  );
  await dataSource.query(`INSERT INTO ${MARK_TABLE} (backup_id, begun_at, is_loaded) VALUES (?, ?, 0)`, [
    mark.backup_id,
    mark.begun_at,
  ]);
}

export async function noteLoaded({ dataSource }: Database): Promise<void> {
  await dataSource.query(`UPDATE ${MARK_TABLE} SET is_loaded = 1`);
}

export async function removeRestoreMark({ dataSource }: Database): Promise<void> {
  await dataSource.query(`DELETE FROM ${MARK_TABLE}`);
}

/** Half of a database is none to be served, or migrated. */
export class UnfinishedRestoreError extends Error {
  override readonly name = 'UnfinishedRestoreError';

  constructor({ backup_id, begun_at }: RestoreMark) {
    super(
      `The restore of backup ${backup_id} into this database, begun at ${begun_at}, has not ended: ` +
        'wait for it, or, if it was cut off, run "admin backup restore FILE --again".',
    );
  }
}

/** @throws UnfinishedRestoreError */
export async function requireRestored(database: Database): Promise<void> {
  const mark = await restoreMark(database);
  if (mark) throw new UnfinishedRestoreError(mark);
}
