import { readVault } from '../disk/guarded-files.js';
import { findVault } from './disk/places.js';
import { allLines } from './sealed/sealed-file.js';

/** What a terminal would take for more than a name. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * The names of the vault of this folder as they stand in it, in the clear: without its key, so that nobody is asked for
 * anything and nothing is on its log. Whether they are as they were written is not looked at. None of what is no vault.
 */
export function clearNames(): string[] {
  try {
    const bytes = readVault(findVault(process.cwd()));
    return bytes ? [...allLines(bytes).keys()].filter(name => !UNSEEN.test(name)) : [];
  } catch {
    return [];
  }
}
