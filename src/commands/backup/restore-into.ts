import { bothMigrations } from '../../../migrations/index.js';
import { openContext } from '../../application.js';
import type { AppSettings } from '../../core/config/settings.js';
import type { Logger } from '../../core/context/logger.js';
import { presentMasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import { MissingKeyError } from '../../core/crypto/sealed-files.js';
import { lockForServer } from '../../core/database/sqlite-files.js';
import { databaseUrls } from '../../core/start/backends.js';
import { AfterRestore } from '../../operations/backups/after-restore.service.js';
import type { BackupFile } from '../../operations/backups/backup-file.js';
import { restoreBackup, type Restoring } from '../../operations/backups/restore-backup.js';
import type { VerifiedBackup } from '../../operations/backups/verify-backup.js';

interface Given extends Pick<Restoring, 'again' | 'verifying' | 'loading' | 'begun'> {
  log: Logger;
  /** Runs as the command line. */
  as: <T>(work: () => Promise<T>) => Promise<T>;
}

/** From a backup to an installation that can be started. */
export async function restoreInto(
  file: BackupFile,
  settings: AppSettings,
  { log, as, ...given }: Given,
): Promise<VerifiedBackup> {
  const masterKeys = await presentMasterKeys(settings);
  if (!masterKeys) throw new MissingKeyError(file.facts.kek_id, []);
  const unlock = lockForServer(databaseUrls(settings));
  const settle = async (backup: VerifiedBackup) => {
    const { app, opened } = await openContext(settings, log, { restoring: true });
    try {
      await as(() => app.get(AfterRestore).settle(backup));
    } finally {
      await app.close();
      await opened.close();
    }
  };
  try {
    return await restoreBackup(file, { ...given, settings, masterKeys, migrations: bothMigrations, settle });
  } finally {
    unlock();
  }
}
