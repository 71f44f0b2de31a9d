import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { folderFault } from './folder-fault.js';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/** @throws ValidationError for what is not there, or no file itself: a link leads elsewhere, and a pipe has no end */
export async function requirePlainFile(path: string, name: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) throw folderFault(name, 'is not in the folder');
  if (!found.isFile()) throw folderFault(name, 'is no file, but a link, a folder or a device');
}

/** Opens a file that is one itself. */
export async function openPlainFile(path: string, name: string): Promise<FileHandle> {
  await requirePlainFile(path, name);
  return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
}
