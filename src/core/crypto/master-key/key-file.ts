import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MasterKeyError } from './boot-errors.js';

function flush(path: string, mode: string, text?: string): void {
  const file = openSync(path, mode, 0o600);
  try {
    if (text !== undefined) writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a new key file (0600) unless it is there; answers whether it was written here. It is written whole under
 * another name and then linked: of several processes one wins, and none reads half a key.
 */
export function makeKeyFile(path: string, text: string): boolean {
  if (existsSync(path)) return false;
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  flush(temporary, 'wx', `${text}\n`);
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
 * The text of a key file.
 *
 * @throws MasterKeyError when it is missing, not a file, or when others may read it
 */
export function readKeyFile(path: string): string {
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
