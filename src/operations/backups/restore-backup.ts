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
import { noteLoaded, setRestoreMark } from '../../core/database/restore-mark.js';
import { now } from '../../core/database/values.js';
import { type BothMigrations, openMain } from '../../core/start/backends.js';
import type { BackupFile, Told } from './backup-file.js';
import type { BackupMigrations, BackupSide } from './backup-format.js';
import { loadBackup } from './load-backup.js';
import { emptyDatabase, lookAtTarget } from './restore-target.js';
import { type VerifiedBackup, verifyBackup } from './verify-backup.js';

export interface Restoring {
  settings: AppSettings;
  migrations: BothMigrations;
  masterKeys: MasterKeys;
  /** Whether what a restore that was cut off has left may go. */
  again: boolean;
  verifying: Told;
  loading: Told;
}

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
 * at. They stay marked as unfinished until somebody removes the mark.
 *
 * @throws DamagedBackupError, MissingKeyError, ConflictError before anything is changed; the error of a database
 */
export async function restoreBackup(file: BackupFile, given: Restoring): Promise<VerifiedBackup> {
  const { settings, masterKeys, migrations, again } = given;
  const backup = await verifyBackup(file, masterKeys, given.verifying);
  await requireKeys(backup.wrapped_by, masterKeys);
  const then: BothMigrations = {
    main: migrationsOf(backup, migrations, 'main'),
    keystore: migrationsOf(backup, migrations, 'keystore'),
  };
  await withDatabases(settings, then, async databases => {
    const { main, keystore } = databases;
    const found = await lookAtTarget(databases, backup.id, again);
    if (found === 'loaded') return;
    if (found === 'half') {
      await emptyDatabase(keystore);
      await emptyDatabase(main);
    }
    const mark = { backup_id: backup.id, begun_at: now() };
    await setRestoreMark(main, mark);
    await setRestoreMark(keystore, mark);
    await runMigrations(keystore, { restoring: true });
    await runMigrations(main, { restoring: true });
    await loadBackup(file, masterKeys, databases, given.loading);
    await noteLoaded(main);
  });
  return backup;
}

/** A restore without one of them would end with secrets that do not open. */
async function requireKeys(kek_ids: readonly string[], masterKeys: MasterKeys): Promise<void> {
  for (const id of kek_ids)
    if (!(await masterKeys.reach(id))) throw new MissingKeyError(id, masterKeys.ids);
}

async function withDatabases(
  settings: AppSettings,
  migrations: BothMigrations,
  work: (databases: { main: MainDatabase; keystore: Keystore }) => Promise<void>,
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
