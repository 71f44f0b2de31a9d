import { randomBytes } from 'node:crypto';
import {
  closeSync, constants, existsSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync,
  writeSync,
} from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { encodeBase64url } from '../../formats/base64url.js';
import { KEY_BYTES } from '../../formats/key-text.js';
import { MasterKeyError } from './boot-errors.js';

const FILE = 'master.key';

function flush(path: string, mode: string, text?: string): void {
  const file = openSync(path, mode, 0o600);
  try {
    if (text !== undefined) writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Written whole under another name and then linked: of several processes one wins, and none reads half a key. */
function make(folder: string, path: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  flush(temporary, 'wx', `${encodeBase64url(randomBytes(KEY_BYTES))}\n`);
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
  if (process.platform !== 'win32') flush(folder, 'r');
  return true;
}

function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (cause) {
    throw new MasterKeyError(`${path} cannot be read, or is a symbolic link`, { cause });
  }
}

/**
 * The text of `<folder>/master.key`.
 *
 * @throws MasterKeyError when it is missing, or when others may read it
 */
export function readDevelopmentKey(folder: string): string {
  const path = join(folder, FILE);
  const file = open(path);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new MasterKeyError(`${path} is not a file`);
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
      throw new MasterKeyError(`${path} can be read by others: chmod 600 ${path}`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/**
 * Makes `<folder>/master.key` (0600) on the first start. Only for development: the key lies beside the data that
 * it protects.
 */
export function ensureDevelopmentKey(folder: string, warn: (message: string) => void): void {
  const path = join(folder, FILE);
  if (existsSync(path) || !make(folder, path)) return;
  warn(`API_KEY_MASTER_KEY is not set: a key for development was made in ${path}. Keep it with the data.`);
}
