import { existsSync, statSync } from 'node:fs';
import { migrationStatus } from '../../database/migrate.js';
import type { Migrations } from '../../database/database.js';
import { MasterKeyError } from '../master-key/boot-errors.js';
import { developmentKeyFile } from '../master-key/development-key.js';
import type { MasterKeySettings } from '../master-key/key-source.js';
import { type KeystoreDatabase, openKeystoreDatabase } from './keystore-database.js';
import { SENTINEL } from './sentinel.js';

/** Whether keys are wrapped in the keystore, or may be; it is looked at as it is, and not made. */
async function isBegun(settings: KeystoreDatabase, migrations: Migrations): Promise<boolean> {
  const url = settings.KEYSTORE_DATABASE_URL.reveal();
  const file = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined;
  if (file !== undefined && !statSync(file, { throwIfNoEntry: false })?.size) return false;
  const keystore = await openKeystoreDatabase(settings, migrations);
  try {
    if (!(await migrationStatus(keystore)).some(one => one.done)) return false;
    const [key] = await keystore.select("SELECT id FROM data_keys WHERE state <> 'destroyed' LIMIT 1");
    return key !== undefined || (await keystore.fact(SENTINEL)) !== undefined;
  } finally {
    await keystore.close();
  }
}

/**
 * A key for development is made for a new keystore alone: beside one that another key has begun, a new one would open
 * nothing, and hide that the old one is missing.
 *
 * @throws MasterKeyError where `master.key` is missing that opens the keystore; the driver's error when that is away
 */
export async function requireNoLostKey(
  settings: MasterKeySettings & KeystoreDatabase,
  migrations: Migrations,
): Promise<void> {
  if (settings.API_KEY_MASTER_KEY ?? settings.API_KEY_MASTER_KEY_COMMAND) return;
  if (settings.NODE_ENV === 'production') return;
  const file = developmentKeyFile(settings.OPSKEEP_DATA);
  if (existsSync(file) || !(await isBegun(settings, migrations))) return;
  // Another server that starts now makes the key first, and begins the keystore after.
  if (existsSync(file)) return;
  throw new MasterKeyError(
    `${file} is missing, and only that key opens the keystore: put it back, or set API_KEY_MASTER_KEY to it. Nothing was changed.`,
  );
}
