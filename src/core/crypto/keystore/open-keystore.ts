import type { Migrations } from '../../database/database.js';
import { runMigrations } from '../../database/migrate.js';
import type { Keystore } from './keystore.js';
import { type KeystoreDatabase, openKeystoreDatabase } from './keystore-database.js';
import { requireNoLostKey } from './lost-key.js';
import { loadMasterKeys, type MasterKeys, type MasterKeySettings } from '../master-key/master-key-set.js';
import { checkSentinel } from './sentinel.js';

type KeystoreSettings = MasterKeySettings & KeystoreDatabase;

/**
 * Opens the keystore, brings it up to date, and makes sure that the master key fits. The caller binds it to the
 * main database (`bindInstall`) and closes it.
 *
 * @param warn is told once when a key for development was made
 * @param reread reads the settings anew when a key turns up that is wrapped by an unknown master key
 * @throws MasterKeyError, WrongMasterKeyError, or the driver's error when the database is away
 */
export async function openKeystore(
  settings: KeystoreSettings,
  migrations: Migrations,
  warn: (message: string) => void = message => process.emitWarning(message),
  reread?: () => MasterKeySettings,
): Promise<{ keystore: Keystore; masterKeys: MasterKeys }> {
  await requireNoLostKey(settings, migrations);
  const masterKeys = loadMasterKeys(settings, warn, reread);
  const keystore = await openKeystoreDatabase(settings, migrations);
  try {
    await runMigrations(keystore);
    await checkSentinel(keystore, masterKeys);
    return { keystore, masterKeys };
  } catch (error) {
    await keystore.close();
    throw error;
  }
}
