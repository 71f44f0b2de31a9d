import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { foldersUpToRoot } from '../../disk/working-tree.js';
import { type Surroundings, surroundings } from '../../environment.js';
import { foldersOf } from '../../folders.js';

export const VAULT_NAME = '.credentials';

/** The files of one vault. */
export interface Places {
  file: string;
  /** Everything beside the file, for its owner alone. */
  side: string;
  /** A version that is being written. */
  next: string;
  lock: string;
  audit: string;
  /** Earlier versions, named by their counters. */
  backups: string;
}

export function placesOf(file: string): Places {
  const side = `${file}.d`;
  return {
    file,
    side,
    next: join(side, 'next'),
    lock: join(side, 'lock'),
    audit: join(side, 'audit.log'),
    backups: join(side, 'backups'),
  };
}

function isThere(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isDirectory();
}

export const defaultVault = (around: Surroundings = surroundings()) =>
  join(foldersOf(around).config, VAULT_NAME);

/**
 * Where the vault is: what `OPSKEEP_VAULT` names, else the nearest `.credentials` up to the root of the working tree, else
 * the one in the folder of the configuration. What is found may be no vault, and says so when it is opened.
 */
export function findVault(folder: string, around: Surroundings = surroundings()): string {
  const given = around.variable('OPSKEEP_VAULT');
  if (given) return resolve(folder, given);
  return (
    foldersUpToRoot(folder)
      .map(one => join(one, VAULT_NAME))
      .find(isThere) ?? defaultVault(around)
  );
}
