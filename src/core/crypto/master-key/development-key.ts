import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { encodeBase64url } from '../../../formats/base64url.js';
import { KEY_BYTES } from '../../../formats/key-text.js';
import { makeKeyFile, readKeyFile } from './key-file.js';

/** Where the key for development is. */
export const developmentKeyFile = (folder: string): string => join(folder, 'master.key');

/**
 * The text of `<folder>/master.key`.
 *
 * @throws MasterKeyError when it is missing, or when others may read it
 */
export function readDevelopmentKey(folder: string): string {
  return readKeyFile(developmentKeyFile(folder));
}

/**
 * Makes `<folder>/master.key` (0600) on the first start. Only for development: the key lies beside the data that
 * it protects.
 */
export function ensureDevelopmentKey(folder: string, warn: (message: string) => void): void {
  const path = developmentKeyFile(folder);
  if (!makeKeyFile(path, encodeBase64url(randomBytes(KEY_BYTES)))) return;
  warn(`API_KEY_MASTER_KEY is not set: a key for development was made in ${path}. Keep it with the data.`);
}
