import { join } from 'node:path';
import { foldersOf } from '../../folders.js';
import { asObject, readObject, writePrivate } from '../../private-files.js';

/** Where the audit log stood: its last entry. */
export interface Head {
  n: number;
  mac: string;
}

/** What this machine has seen of a vault, kept apart from it: so an older copy that is put back is found. */
export interface Seen {
  /** The highest counter. */
  counter: number;
  /** The MAC of the file with it. */
  mac: string;
  audit: Head;
}

export const EMPTY_LOG: Head = { n: 0, mac: '' };

const seenFile = (vault: string) => join(foldersOf().state, 'vaults', `${vault}.json`);

/** Undefined for a vault that was never seen here. */
export function readSeen(vault: string): Seen | undefined {
  const { counter, mac, audit } = readObject(seenFile(vault)) ?? {};
  const head = asObject(audit);
  const fits = typeof counter === 'number' && typeof mac === 'string' && typeof head?.n === 'number';
  return fits ? { counter, mac, audit: head as unknown as Head } : undefined;
}

/** Calls for the lock of the vault. */
export function writeSeen(vault: string, seen: Seen): void {
  writePrivate(seenFile(vault), JSON.stringify(seen));
}
