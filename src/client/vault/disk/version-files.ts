import {
  closeSync, fsyncSync, linkSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync,
} from 'node:fs'; // prettier-ignore
import { dirname, join } from 'node:path';
import { guardedFolder } from '../../disk/guarded-files.js';
import type { Places } from './places.js';

// How the versions of a vault come and go on the disk. Each is whole under its name, or not there.

const MOST_BACKUPS = 10;

/** Makes names in a folder last. Windows knows no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** Writes the next version beside the vault, onto the disk; nothing of it is left when that fails. */
export function writeNext({ next }: Places, bytes: Buffer): void {
  rmSync(next, { force: true });
  const file = openSync(next, 'wx', 0o600);
  try {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/** Puts the next version in the place of the present one. */
export function exchange({ next, file }: Places): void {
  renameSync(next, file);
  syncFolder(dirname(file));
}

/** Puts the first version where nothing may be yet. */
export function putFirst({ next, file }: Places): void {
  linkSync(next, file);
  rmSync(next);
  syncFolder(dirname(file));
}

/** What the backup of a version is called. */
export const backupName = (counter: number) => String(counter).padStart(8, '0');

/** The present version under another name as well: it stays when the next one takes its place. */
export function keepBackup({ file, backups }: Places, counter: number): void {
  guardedFolder(backups);
  const path = join(backups, backupName(counter));
  rmSync(path, { force: true });
  linkSync(file, path);
}

/** What was no vault any more is kept, too, when another takes its place. */
export function keepDamaged({ file, side }: Places): void {
  linkSync(file, join(side, `damaged-${Date.now()}`));
}

/** An earlier version that is kept. */
export interface BackupFile {
  path: string;
  /** The counter of the vault then, with zeros before it. */
  name: string;
  /** When it was written. */
  at: string;
  bytes: number;
}

/** The newest first. */
export function listBackups({ backups }: Places): BackupFile[] {
  guardedFolder(backups);
  return readdirSync(backups)
    .filter(name => /^\d+$/.test(name))
    .toSorted((a, b) => (a < b ? 1 : -1))
    .map(name => {
      const path = join(backups, name);
      const { mtime, size } = statSync(path);
      return { path, name, at: mtime.toISOString(), bytes: size };
    });
}

/** Removes all backups but the newest ten. */
export function prune(places: Places): void {
  for (const { path } of listBackups(places).slice(MOST_BACKUPS)) rmSync(path, { force: true });
}
