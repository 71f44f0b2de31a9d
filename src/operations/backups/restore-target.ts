import { ConflictError } from '../../core/context/errors.js';
import type { Keystore } from '../../core/crypto/keystore/keystore.js';
import type { Database } from '../../core/database/database.js';
import type { MainDatabase } from '../../core/database/main-database.js';
import { migrationsRun } from '../../core/database/migrate.js';
import { STEPS_TABLE } from '../../core/database/migration-steps.js';
import { requirePrivileges, TABLES } from '../../core/database/privileges.js';
import {
  MARK_TABLE,
  type RestoreMark,
  removeRestoreMark,
  restoreMark,
} from '../../core/database/restore-mark.js';
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
  const names = (await tableNames(database.connections.reader)).filter(name => name !== MARK_TABLE);
  if (names.length > 0)
    throw new ConflictError(`The ${called} is not empty: it has ${names.length} tables. ${EMPTY}`);
}

/**
 * Makes sure, before the first write, that the accounts may do what this restore does (MariaDB and MySQL).
 *
 * @throws Error with the GRANT that is missing
 */
export async function requireRightsToRestore(database: Database, found: Found): Promise<void> {
  if (database.dialect === 'sqlite') return;
  const drops = database.hasTriggers || (found === 'half' && (await isNewer(database)));
  const needed = [...TABLES, ...(drops ? ['DROP'] : []), ...(database.hasTriggers ? ['TRIGGER'] : [])];
  const runner = database.dataSource.createQueryRunner();
  try {
    await requirePrivileges(runner, needed, 'restored into: its account lacks what a restore needs');
  } finally {
    await runner.release();
  }
}

/** Whether migrations have run in what a restore has left that the backup at hand does not know. */
async function isNewer(database: Database): Promise<boolean> {
  const known = database.dataSource.migrations.map(one => one.name);
  return (await migrationsRun(database)).some(name => !known.includes(name));
}

/**
 * Takes away what a restore has left. Of tables that nothing protects from it (the keystore's, whose account may drop
 * none) only the rows go, unless they are newer than the backup. The mark goes last: cut off, it is still known for
 * what it is.
 */
export async function emptyDatabase(database: Database): Promise<void> {
  const drops = database.hasTriggers || (await isNewer(database));
  const kept = new Set(drops ? [MARK_TABLE] : [MARK_TABLE, 'migrations', STEPS_TABLE]);
  const names = (await tableNames(database.connections.reader)).filter(name => !kept.has(name));
  const runner = database.dataSource.createQueryRunner();
  const isSqlite = database.dialect === 'sqlite';
  try {
    await runner.query(isSqlite ? 'PRAGMA foreign_keys = OFF' : 'SET SESSION foreign_key_checks = 0');
    for (const name of names) await runner.query(`${drops ? 'DROP TABLE' : 'DELETE FROM'} \`${name}\``);
    if (await runner.hasTable(MARK_TABLE)) await removeRestoreMark(database);
  } finally {
    await runner.query(isSqlite ? 'PRAGMA foreign_keys = ON' : 'SET SESSION foreign_key_checks = 1');
    await runner.release();
  }
}
