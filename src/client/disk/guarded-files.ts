import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { ioFault, tooOpen } from './faults.js';
import { isInRepository } from './working-tree.js';

const MOST_BYTES = 256 << 20;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

const octal = ({ mode }: Stats) => (mode & 0o777).toString(8).padStart(4, '0');
/** Windows has no such modes: there the folder of the profile is the user's alone. */
const hasModes = process.platform !== 'win32';

function requireOwner(path: string, { uid }: Stats): void {
  const own = process.geteuid?.() ?? uid;
  if (own !== 0 && uid !== own && uid !== 0)
    throw tooOpen(`${path} belongs to another user`, 'only a file of your own is opened');
}

/**
 * The folder of a vault is its owner's alone. A working tree of git may be read by others, as most are; nobody else may
 * put a file into it.
 */
export function requireFolder(folder: string): void {
  const stat = statSync(folder);
  if (!hasModes) return;
  requireOwner(folder, stat);
  if (stat.mode & OTHERS_WRITE || (stat.mode & OTHERS && !isInRepository(folder)))
    throw tooOpen(`The permissions of ${folder} are too open (${octal(stat)})`, `chmod 700 ${folder}`);
}

/** Makes the folder beside a vault, or one in it; one that is there is no link, and its owner's alone. */
export function guardedFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  if (!stat.isDirectory()) throw tooOpen(`${path} is no folder`, 'a link or a file there is not followed');
  if (!hasModes) return;
  requireOwner(path, stat);
  if (stat.mode & OTHERS)
    throw tooOpen(`The permissions of ${path} are too open (${octal(stat)})`, `chmod 700 ${path}`);
}

/**
 * Opens a file that nobody else may read; a link is not followed, and nothing but a regular file is opened.
 *
 * @returns undefined when it is not there
 */
export function openGuarded(path: string, flags = constants.O_RDONLY): number | undefined {
  let file: number;
  try {
    file = openSync(path, flags | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0), 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') throw tooOpen(`${path} is a link`, 'links are not followed');
    throw ioFault(`${path} cannot be opened`, error);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw tooOpen(`${path} is no regular file`, 'nothing else is opened');
    if (hasModes) requireOwner(path, stat);
    if (hasModes && stat.mode & OTHERS)
      throw tooOpen(`The permissions of ${path} are too open (${octal(stat)})`, `chmod 600 ${path}`);
    if (stat.size > MOST_BYTES) throw tooOpen(`${path} is larger than 256 MiB`, 'that is no vault');
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The bytes of a file that nobody else may read; undefined when it is not there. */
export function readGuarded(path: string): Buffer | undefined {
  const file = openGuarded(path);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw ioFault(`${path} cannot be read`, error);
  } finally {
    closeSync(file);
  }
}

/** As `readGuarded`, for the vault itself, whose folder is looked at, too. */
export function readVault(path: string): Buffer | undefined {
  const bytes = readGuarded(path);
  if (bytes) requireFolder(dirname(path));
  return bytes;
}
