import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf } from '../folders.js';
import { readObject, writePrivate } from '../private-files.js';
import { keyOf } from '../spool/event.js';

/** A settings file as it was before hooks were installed. */
export interface Backup {
  path: string;
  /** Null when there was none. */
  text: string | null;
}

export const backupFile = (path: string) => join(foldersOf().state, 'backups', `${keyOf(path)}.json`);

export function keepBackup(path: string, text: string | undefined): void {
  writePrivate(
    backupFile(path),
    JSON.stringify({ path, at: new Date().toISOString(), text: text ?? null }, null, 2),
  );
}

/** Undefined when there is none. */
export function readBackup(path: string): Backup | undefined {
  const { text } = readObject(backupFile(path)) ?? {};
  return text === null || typeof text === 'string' ? { path, text } : undefined;
}

export function forgetBackup(path: string): void {
  rmSync(backupFile(path), { force: true });
}
