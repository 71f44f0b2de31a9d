import type { Settings } from '../../config/settings.js';
import { dialectOf, type Migrations } from '../../database/database.js';
import { Keystore, keystoreEntities } from './keystore.js';

/** Keys are cached: a few connections serve them all. */
const MOST_CONNECTIONS = 5;

export type KeystoreDatabase = Pick<Settings, 'KEYSTORE_DATABASE_URL' | 'DATABASE_CA' | 'DATABASE_POOL'>;

/** Opens the keystore as it is: nothing is migrated, and no master key is needed. */
export function openKeystoreDatabase(settings: KeystoreDatabase, migrations: Migrations): Promise<Keystore> {
  const url = settings.KEYSTORE_DATABASE_URL.reveal();
  return Keystore.open({
    url,
    ca: settings.DATABASE_CA,
    pool: Math.min(MOST_CONNECTIONS, settings.DATABASE_POOL),
    entities: keystoreEntities(dialectOf(url)),
    migrations,
  });
}
