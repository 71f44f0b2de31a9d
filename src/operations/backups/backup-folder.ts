import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS } from '../../core/database/values.js';
import type { BackupFacts } from './backup-format.js';
import { BackupFile, DamagedBackupError } from './backup-file.js';
import { PART } from './new-file.js';

const ENDING = '.backup';
/** What is not whole after a day was left by a process that was killed. */
const ABANDONED_MS = DAY_MS;

/** Where backups are made unless somebody says otherwise. */
export function backupFolder(data: string): string {
  return join(data, 'backups');
}

/** `opskeep-20261128T041704Z.backup` */
export function backupName(at: Date): string {
  return `opskeep-${at.toISOString().replace(/[-:]|\.\d+/g, '')}${ENDING}`;
}

export const isOurName = (name: string) => /^opskeep-\d{8}T\d{6}Z\.backup$/.test(name);

/** A backup in a folder; without facts it is none, or its header is damaged. */
export interface ListedBackup {
  path: string;
  size_bytes: number;
  /** When it was written last, as the file system has it; ISO 8601. */
  changed_at: string;
  facts?: BackupFacts;
  fault?: string;
}

/** The backups of a folder by their headers, the newest first; a folder that is not there has none. */
export async function backupsIn(folder: string): Promise<ListedBackup[]> {
  const names = (await namesIn(folder)).filter(name => name.endsWith(ENDING));
  const found: ListedBackup[] = [];
  for (const name of names) found.push(await listed(join(folder, name)));
  const time = ({ facts }: ListedBackup) => facts?.created_at ?? '';
  return found.sort((a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : 0));
}

async function listed(path: string): Promise<ListedBackup> {
  const { size, mtime } = await stat(path);
  const found = { path, size_bytes: size, changed_at: mtime.toISOString() };
  try {
    const file = await BackupFile.open(path);
    await file.close();
    return { ...found, facts: file.facts };
  } catch (error) {
    if (!(error instanceof DamagedBackupError)) throw error;
    return { ...found, fault: error.message };
  }
}

/** Removes what processes have left behind that were killed while they made a backup. */
export async function removeAbandoned(folder: string, at = Date.now()): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith('opskeep-') || !name.endsWith(PART)) continue;
    const path = join(folder, name);
    if (at - (await stat(path)).mtimeMs > ABANDONED_MS) await rm(path, { force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
