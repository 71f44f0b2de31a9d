import { ConflictError } from '../../core/context/errors.js';
import type { Keystore } from '../../core/crypto/keystore/keystore.js';
import type { Database } from '../../core/database/database.js';
import type { MainDatabase } from '../../core/database/main-database.js';
import { MARK_TABLE, type RestoreMark, restoreMark } from '../../core/database/restore-mark.js';
import { tableNames } from './backup-tables.js';

const EMPTY =
  'A backup is restored into empty databases only: name two in DATABASE_URL and KEYSTORE_DATABASE_URL ' +
  '(for SQLite: files that are not there), or move these away.';

/** What a restore finds: nothing, or what another one has left. */
export type Found = 'empty' | 'half' | 'loaded';

/**
 * Looks whether a backup may be put into these databases. Whatever a restore has not put there is left alone.
 *
 * @param again whether what a restore that was cut off has left may go
 * @throws ConflictError where something else is in them
 */
export async function lookAtTarget(
  { main, keystore }: { main: MainDatabase; keystore: Keystore },
  backup_id: string,
  again: boolean,
): Promise<Found> {
  // A start opens the keystore first: its mark is the first to come, and the last to go.
  const mark = await restoreMark(keystore);
  if (!mark) {
    await requireEmpty('main database', main);
    await requireEmpty('keystore', keystore);
    return 'empty';
  }
  if (mark.is_loaded && mark.backup_id === backup_id) return 'loaded';
  if (!again) throw new ConflictError(unfinished(mark));
  if (!(await restoreMark(main))) await requireEmpty('main database', main);
  return 'half';
}

function unfinished({ backup_id, begun_at }: RestoreMark): string {
  return (
    `The restore of backup ${backup_id} into these databases, begun at ${begun_at}, was cut off. ` +
    'Empty them and begin anew with --again.'
  );
}

async function requireEmpty(called: string, database: Database): Promise<void> {
  const names = await tableNames(database.connections.reader);
  if (names.length > 0)
    throw new ConflictError(`The ${called} is not empty: it has ${names.length} tables. ${EMPTY}`);
}

/** Takes every table away, the mark last: cut off, it is still known for what it is. */
export async function emptyDatabase(database: Database): Promise<void> {
  const names = (await tableNames(database.connections.reader)).filter(name => name !== MARK_TABLE);
  const runner = database.dataSource.createQueryRunner();
  const isSqlite = database.dialect === 'sqlite';
  try {
    await runner.query(isSqlite ? 'PRAGMA foreign_keys = OFF' : 'SET SESSION foreign_key_checks = 0');
    for (const name of names) await runner.query(`DROP TABLE \`${name}\``);
    await runner.query(`DROP TABLE IF EXISTS ${MARK_TABLE}`);
  } finally {
    await runner.query(isSqlite ? 'PRAGMA foreign_keys = ON' : 'SET SESSION foreign_key_checks = 1');
    await runner.release();
  }
}
