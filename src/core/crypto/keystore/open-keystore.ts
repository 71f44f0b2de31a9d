import type { Settings } from '../../config/settings.js';
import { dialectOf, type Migrations } from '../../database/database.js';
import { runMigrations } from '../../database/migrate.js';
import { Keystore, keystoreEntities } from './keystore.js';
import { loadMasterKeys, type MasterKeys, type MasterKeySettings } from '../master-key/master-key-set.js';
import { checkSentinel } from './sentinel.js';

/** Keys are cached: a few connections serve them all. */
const MOST_CONNECTIONS = 5;

type KeystoreSettings = MasterKeySettings &
  Pick<Settings, 'KEYSTORE_DATABASE_URL' | 'DATABASE_CA' | 'DATABASE_POOL'>;

/** Opens the keystore as it is: nothing is migrated, and no master key is needed. */
export function openKeystoreDatabase(
  settings: Pick<Settings, 'KEYSTORE_DATABASE_URL' | 'DATABASE_CA' | 'DATABASE_POOL'>,
  migrations: Migrations,
): Promise<Keystore> {
  const url = settings.KEYSTORE_DATABASE_URL.reveal();
  return Keystore.open({
    url,
    ca: settings.DATABASE_CA,
    pool: Math.min(MOST_CONNECTIONS, settings.DATABASE_POOL),
    entities: keystoreEntities(dialectOf(url)),
    migrations,
  });
}

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
