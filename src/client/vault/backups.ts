import { ClientError, EXIT } from '../cli/errors.js';
import { readGuarded } from '../disk/guarded-files.js';
import { type BackupFile, listBackups } from './disk/version-files.js';
import { notFound } from './faults.js';
import type { Version } from './sealed/contents.js';
import type { VaultStore } from './store.js';

/** An earlier version of the vault. */
export interface Backup {
  /** The counter of the vault then. */
  name: string;
  /** When it was written, in ISO 8601. */
  at: string;
  /** Null when it does not open. */
  entries: number | null;
  size_bytes: number;
  usable: boolean;
}

async function versionOf(store: VaultStore, { path }: BackupFile): Promise<Version> {
  return store.versionIn(readGuarded(path) ?? Buffer.alloc(0), path);
}

/** The newest first, each tried with the key. */
export async function backupsOf(store: VaultStore): Promise<Backup[]> {
  const backups: Backup[] = [];
  for (const file of listBackups(store.places)) {
    let entries: number | null = null;
    try {
      entries = (await versionOf(store, file)).tail.entries;
    } catch (error) {
      // Without a key none of them can be tried.
      if (!(error instanceof ClientError) || error.code === 'key_missing') throw error;
    }
    const { name, at, bytes } = file;
    backups.push({ name: String(Number(name)), at, entries, size_bytes: bytes, usable: entries !== null });
  }
  return backups;
}

/**
 * Puts an earlier version in the place of the present one, which is kept as another backup: also when that is damaged or
 * gone. Answers with the number of entries.
 */
export async function restore(store: VaultStore, name: string): Promise<number> {
  const file = listBackups(store.places).find(
    one => /^\d{1,8}$/.test(name) && Number(one.name) === Number(name),
  );
  if (!file) throw new ClientError('There is no such backup', EXIT.missing, notFound().code);
  const version = await versionOf(store, file);
  await store.replace(version, { action: 'restore', backup: version.tail.counter });
  return version.tail.entries;
}
