import { statSync } from 'node:fs';
import { bothMigrations } from '../../migrations/index.js';
import type { AppSettings } from '../core/config/settings.js';
import { openKeystoreDatabase } from '../core/crypto/keystore/keystore-database.js';
import { type RestoreMark, restoreMark } from '../core/database/restore-mark.js';

/**
 * Which restore into these databases has not ended: its mark is in the keystore before anything else is in either.
 *
 * @throws the error of a database that is away
 */
export async function unfinishedRestore(settings: AppSettings): Promise<RestoreMark | undefined> {
  const url = settings.KEYSTORE_DATABASE_URL.reveal();
  // Whatever opens a file of SQLite would make it.
  if (url.startsWith('sqlite:') && !statSync(url.slice('sqlite:'.length), { throwIfNoEntry: false })?.size)
    return undefined;
  const keystore = await openKeystoreDatabase(settings, bothMigrations.keystore);
  try {
    return await restoreMark(keystore);
  } finally {
    await keystore.close();
  }
}
