import type { Database } from './database.js';

/** Stands in a database from before the first row of a backup until all of them are there. */
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
    const [row = { backup_id: '', begun_at: '', is_loaded: 0 }] = rows;
    return { ...row, is_loaded: row.is_loaded === 1 };
  } finally {
    await runner.release();
  }
}

/** @throws the driver's error where a mark is there */
export async function setRestoreMark(
  { dataSource }: Database,
  mark: Omit<RestoreMark, 'is_loaded'>,
): Promise<void> {
  await dataSource.query(
    `CREATE TABLE ${MARK_TABLE} (backup_id varchar(36) NOT NULL, begun_at varchar(30) NOT NULL, is_loaded tinyint NOT NULL)`,
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
  await dataSource.query(`DROP TABLE IF EXISTS ${MARK_TABLE}`);
}

/** @throws Error where a restore has not ended: half of a database is none to be served, or migrated */
export async function requireRestored(database: Database): Promise<void> {
  const mark = await restoreMark(database);
  if (mark)
    throw new Error(
      `The restore of backup ${mark.backup_id} into this database, begun at ${mark.begun_at}, has not ended: ` +
        'wait for it, or, if it was cut off, run "admin backup restore FILE --again".',
    );
}
