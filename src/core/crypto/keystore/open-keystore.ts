import type { Migrations } from '../../database/database.js';
import { runMigrations } from '../../database/migrate.js';
import type { Keystore } from './keystore.js';
import { type KeystoreDatabase, openKeystoreDatabase } from './keystore-database.js';
import { requireNoLostKey } from './lost-key.js';
import type { MasterKeySettings } from '../master-key/key-source.js';
import { loadMasterKeys, type MasterKeys } from '../master-key/master-key-set.js';
import { Presence } from './presence.js';
import { checkSentinel } from './sentinel.js';

type KeystoreSettings = MasterKeySettings & KeystoreDatabase;

export interface OpenedKeystore {
  keystore: Keystore;
  masterKeys: MasterKeys;
  /** Ended before the keystore is closed. */
  presence: Presence;
}

/**
 * Opens the keystore, brings it up to date, and makes sure that the master key fits. The caller binds it to the
 * main database (`bindInstall`) and closes it.
 *
 * @param warn is told once when a key for development was made
 * @param restoring whether a restore opens it that has put everything into it
 * @throws MasterKeyError, WrongMasterKeyError, or the driver's error when the database is away
 */
export async function openKeystore(
  settings: KeystoreSettings,
  migrations: Migrations,
  warn: (message: string) => void = message => process.emitWarning(message),
  restoring = false,
): Promise<OpenedKeystore> {
  await requireNoLostKey(settings, migrations);
  const masterKeys = await loadMasterKeys(settings, warn);
  const keystore = await openKeystoreDatabase(settings, migrations);
  let presence: Presence | undefined;
  try {
    await runMigrations(keystore, { restoring });
    // First: a rotation that does not see this process moves the sentinel before it is looked at.
    presence = await Presence.begin(keystore, masterKeys);
    await checkSentinel(keystore, masterKeys);
    return { keystore, masterKeys, presence };
  } catch (error) {
    await presence?.end();
    await keystore.close();
    throw error;
  }
}
