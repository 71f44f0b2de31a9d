import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { encodeBase64url } from '../../formats/base64url.js';
import { isPublishedKey } from '../../formats/key-text.js';
import { UsageError } from '../cli/errors.js';
import { appendDeeds } from './disk/audit-log.js';
import { ioFault } from '../disk/faults.js';
import { alreadyThere, publishedKey, remains } from './faults.js';
import { requireFolder } from '../disk/guarded-files.js';
import type { Header, Kdf } from './sealed/header.js';
import { ignoreInGit } from './disk/ignored.js';
import { type GivenKey, keyFromPassphrase, keyOf } from './sealed/key-source.js';
import { keyId, vaultKeys } from './sealed/keys.js';
import type { Places } from './disk/places.js';
import { sealedFile } from './sealed/sealed-file.js';
import type { VaultStore } from './store.js';
import { putFirst, writeNext } from './disk/version-files.js';

/** Argon2id as RFC 9106 recommends it where memory is scarce: 64 MiB, three passes. */
const ARGON2ID = { name: 'argon2id', memory: 65_536, passes: 3, lanes: 4 } as const;
const FIRST = { counter: 1, entries: 0, sequence: 0 };

/** @throws ClientError when something of an earlier vault is there: its log and backups open with its key alone */
export function requireNothing({ file, audit, backups }: Places): void {
  const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  if (isThere(file)) throw alreadyThere(file);
  if (isThere(audit) || (existsSync(backups) && readdirSync(backups).length > 0)) throw remains(file);
}

/**
 * Makes an empty vault where none is, which opens with the passphrase when one is given, else with the key, with its folder and its lines in `.gitignore`.
 *
 * @throws ClientError when something is there already, or the folder is open to others
 */
export async function createVault(store: VaultStore, given: GivenKey): Promise<void> {
  const { places } = store;
  const folder = dirname(places.file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw ioFault(`${folder} cannot be made`, error);
  }
  requireFolder(folder);
  if (given.passphrase === '') throw new UsageError('A passphrase has at least one character.');
  const salt = randomBytes(16);
  const kdf: Kdf = given.passphrase === undefined ? { name: 'none' } : ARGON2ID;
  const key = await (kdf.name === 'none'
    ? keyOf({ kdf, salt: encodeBase64url(salt) }, given)
    : keyFromPassphrase(given.passphrase ?? '', kdf, salt));
  if (isPublishedKey(key)) throw publishedKey();
  const header: Header = {
    ...{ format: 'opskeep-vault', version: 2, id: randomBytes(8).toString('hex'), kdf },
    ...{ salt: encodeBase64url(salt), key_id: keyId(key), created_at: new Date().toISOString() },
  };
  const keys = vaultKeys(key, salt);
  const bytes = sealedFile(header, [], FIRST, keys.mac);
  await store.locked(() => {
    requireNothing(places);
    try {
      for (const path of [places.file, places.side]) ignoreInGit(path);
      writeNext(places, bytes);
      putFirst(places);
      const audit = appendDeeds(places.audit, keys.audit, [{ action: 'init', counter: 1 }]);
      store.see({ file: places.file, bytes, header, keys, tail: FIRST }, audit);
    } catch (error) {
      throw ioFault(`${places.file} cannot be made`, error);
    }
  });
}
