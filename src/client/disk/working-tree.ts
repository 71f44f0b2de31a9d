import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const MOST_LEVELS = 64;

/** Whether a folder is the root of a working tree of git. */
const isRoot = (folder: string) => statSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined;

/** The folder and those above it, up to the root of its working tree; the folder alone outside of any. */
export function foldersUpToRoot(folder: string): string[] {
  const folders: string[] = [];
  for (let at = resolve(folder); folders.length < MOST_LEVELS; at = dirname(at)) {
    folders.push(at);
    if (isRoot(at)) return folders;
    if (dirname(at) === at) break;
  }
  return folders.slice(0, 1);
}

/** Whether the folder is in a working tree of git. */
export const isInRepository = (folder: string) => isRoot(foldersUpToRoot(folder).at(-1) ?? folder);
