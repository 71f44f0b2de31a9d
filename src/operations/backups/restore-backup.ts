import type { AppSettings } from '../../core/config/settings.js';
import { programVersion } from '../../core/config/version.js';
import { ConflictError } from '../../core/context/errors.js';
import type { Keystore } from '../../core/crypto/keystore/keystore.js';
import { openKeystoreDatabase } from '../../core/crypto/keystore/keystore-database.js';
import type { MasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import { MissingKeyError } from '../../core/crypto/sealed-files.js';
import type { Migrations } from '../../core/database/database.js';
import type { MainDatabase } from '../../core/database/main-database.js';
import { runMigrations } from '../../core/database/migrate.js';
import { noteLoaded, removeRestoreMark, setRestoreMark } from '../../core/database/restore-mark.js';
import { now } from '../../core/database/values.js';
import { type BothMigrations, openMain } from '../../core/start/backends.js';
import type { BackupFile, Told } from './backup-file.js';
import type { BackupMigrations, BackupSide } from './backup-format.js';
import { loadBackup } from './load-backup.js';
import { emptyDatabase, type Found, lookAtTarget, requireRightsToRestore } from './restore-target.js';
import { type VerifiedBackup, verifyBackup } from './verify-backup.js';

export interface Restoring {
  settings: AppSettings;
  migrations: BothMigrations;
  masterKeys: MasterKeys;
  /** Whether what a restore that was cut off has left may go. */
  again: boolean;
  verifying: Told;
  loading: Told;
  /** Told before the first write: from here on, what is cut off has to be begun anew. */
  begun: () => void;
  /** What is to be done with the installation before anybody may use it. */
  settle: (backup: VerifiedBackup) => Promise<void>;
}

type Databases = Record<'main', MainDatabase> & Record<'keystore', Keystore>;

const nameOf = (Migration: Migrations[number]) => new Migration().name ?? Migration.name;

/** Of what this program knows, what had run when the backup was made. @throws ConflictError where that is more */
function migrationsOf(backup: VerifiedBackup, known: BothMigrations, side: BackupSide): Migrations {
  const ran: BackupMigrations[BackupSide] = backup.migrations[side];
  const newer = ran.filter(name => !known[side].some(one => nameOf(one) === name));
  if (newer.length > 0)
    throw new ConflictError(
      `The backup was made by a newer version, ${backup.version}; this is ${programVersion()}: restore it with that, or a newer one.`,
    );
  return known[side].filter(one => ran.includes(nameOf(one)));
}

/**
 * Verifies a backup, and puts it into the empty databases of the settings, at the state of the schema that it was made
 * at. Until all of it is there, and settled, they are marked as unfinished: nobody serves or migrates them.
 *
 * @throws DamagedBackupError, MissingKeyError, ConflictError before anything is changed; the error of a database
 */
export async function restoreBackup(file: BackupFile, given: Restoring): Promise<VerifiedBackup> {
  const { settings, masterKeys, migrations } = given;
  const backup = await verifyBackup(file, masterKeys, given.verifying);
  await requireKeys(backup.wrapped_by, masterKeys);
  const then: BothMigrations = {
    main: migrationsOf(backup, migrations, 'main'),
    keystore: migrationsOf(backup, migrations, 'keystore'),
  };
  await withDatabases(settings, then, databases =>
    alone(databases.main, async () => {
      const found = await lookAtTarget(databases, backup.id, given.again);
      if (found !== 'loaded') await load(file, databases, found, given, backup.id);
      await given.settle(backup);
      await removeRestoreMark(databases.main);
      await removeRestoreMark(databases.keystore);
    }),
  );
  return backup;
}

async function load(
  file: BackupFile,
  databases: Databases,
  found: Found,
  { masterKeys, loading, begun }: Restoring,
  backup_id: string,
): Promise<void> {
  const { main, keystore } = databases;
  await requireRightsToRestore(keystore, found);
  await requireRightsToRestore(main, found);
  begun();
  if (found === 'half') {
    await emptyDatabase(main);
    await emptyDatabase(keystore);
  }
  const mark = { backup_id, begun_at: now() };
  await setRestoreMark(keystore, mark);
  await setRestoreMark(main, mark);
  await runMigrations(keystore, { restoring: true });
  await runMigrations(main, { restoring: true });
  await loadBackup(file, masterKeys, databases, loading);
  await noteLoaded(keystore);
}

/** A restore without one of them would end with secrets that do not open. */
async function requireKeys(kek_ids: readonly string[], masterKeys: MasterKeys): Promise<void> {
  for (const id of kek_ids) if (!(await masterKeys.reach(id))) throw new MissingKeyError(id, masterKeys.ids);
}

/** While nobody else restores into this database; files of SQLite are locked by whoever has come so far. */
async function alone(main: MainDatabase, work: () => Promise<void>): Promise<void> {
  if (main.dialect === 'sqlite') return work();
  const runner = main.dataSource.createQueryRunner();
  const lock = "CONCAT('opskeep.restore.', DATABASE())";
  try {
    const [row] = (await runner.query(`SELECT GET_LOCK(${lock}, 0) AS held`)) as { held: number }[];
    if (Number(row?.held) !== 1)
      throw new ConflictError('Another process restores into these databases just now');
    try {
      await work();
    } finally {
      await runner.query(`SELECT RELEASE_LOCK(${lock})`);
    }
  } finally {
    await runner.release();
  }
}

async function withDatabases(
  settings: AppSettings,
  migrations: BothMigrations,
  work: (databases: Databases) => Promise<void>,
): Promise<void> {
  const main = await openMain(settings, migrations.main);
  try {
    const keystore = await openKeystoreDatabase(settings, migrations.keystore);
    try {
      await work({ main, keystore });
    } finally {
      await keystore.close();
    }
  } finally {
    await main.close();
  }
}
