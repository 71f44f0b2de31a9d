import { v7 } from 'uuid';
import type { Database } from '../../database/database.js';
import { insertOnce } from '../../database/transact.js';
import { InstallMismatchError } from '../master-key/boot-errors.js';
import type { Keystore } from './keystore.js';

const FACT = 'install_id';

async function idIn(main: Database): Promise<string | undefined> {
  const rows = await main.connections.reader.select<{ value: string }>(
    'SELECT value FROM facts WHERE name = ?',
    [FACT],
  );
  return rows[0]?.value;
}

async function isEmpty(keystore: Keystore): Promise<boolean> {
  return (await keystore.select('SELECT id FROM data_keys LIMIT 1')).length === 0;
}

async function begin(main: Database, keystore: Keystore): Promise<string> {
  // The keystore first: if this process ends in between, the next start finds an empty keystore and goes on.
  const id = await keystore.establish(FACT, v7());
  await insertOnce(main, 'INSERT INTO facts (name, value) VALUES (?, ?)', [FACT, id]);
  return id;
}

/**
 * Makes sure that both databases belong to one installation; two new ones are bound to each other, also when
 * several servers start at once. Returns the install id (UUIDv7).
 *
 * @throws InstallMismatchError when they do not
 */
export async function bindInstall(main: Database, keystore: Keystore): Promise<string> {
  // The order of reading is the reverse of the order of writing: what another server does meanwhile cannot look
  // like a loss.
  const fresh = await isEmpty(keystore);
  const before = await idIn(main);
  const kept = await keystore.fact(FACT);
  if (before === undefined && !fresh)
    throw new InstallMismatchError(
      `The keystore holds keys of installation ${kept ?? '(unknown)'}, but the main database is new: restore it, ` +
        'or set KEYSTORE_DATABASE_URL to a keystore of its own.',
    );
  if (before !== undefined && kept === undefined)
    throw new InstallMismatchError(
      `The main database belongs to installation ${before}, but the keystore is new: set KEYSTORE_DATABASE_URL ` +
        'to its keystore, or restore that.',
    );
  const id = before === undefined ? await begin(main, keystore) : kept;
  const stands = await idIn(main);
  if (id === undefined || stands !== id)
    throw new InstallMismatchError(
      `The main database belongs to installation ${stands ?? '(none)'}, the keystore to ${id ?? '(none)'}.`,
    );
  return id;
}
