import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { MasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import { MissingKeyError } from '../../core/crypto/sealed-files.js';
import { syncFolder } from '../../core/context/durable-files.js';
import { BackupFile } from './backup-file.js';
import { backupsIn, isOurName, type ListedBackup } from './backup-folder.js';
import type { BackupRecords } from './backup-records.service.js';
import { isAsSeen, isOf, type RecordedBackup } from './recorded-backup.js';
import { expired, type Retention } from './retention.js';
import type { VerifiedBackup } from './verify-backup.js';

export interface AfterRetention {
  /** Paths. */
  removed: string[];
  /** What says that it is a backup of this installation, and takes the place of none; nobody has touched it. */
  not_counted: { file: string; why: string }[];
}

/**
 * Removes what retention does not keep of the backups beside a new one, which was read back: of this installation
 * alone, and only such as have the name that we give. A header is not believed: whoever can write into the folder could
 * have files take the place of backups.
 */
export async function removeExpired(
  path: string,
  { install_id, created_at }: VerifiedBackup,
  retention: Retention,
  { records, masterKeys }: { records: BackupRecords; masterKeys: MasterKeys },
): Promise<AfterRetention> {
  const result: AfterRetention = { removed: [], not_counted: [] };
  if (Object.values(retention).every(one => one === undefined)) return result;
  const ours = (await backupsIn(dirname(path))).filter(
    one => one.facts?.install_id === install_id && isOurName(basename(one.path)),
  );
  const known = await records.known(ours.map(one => one.path));
  const counted: { path: string; created_at: string }[] = [];
  for (const one of ours) {
    const isCopy = ours.some(other => other !== one && other.facts?.id === one.facts?.id);
    const why =
      one.facts!.created_at > created_at
        ? 'it says that it was made later'
        : await doubt(one, known.get(one.path), isCopy, masterKeys);
    if (why === undefined) counted.push({ path: one.path, created_at: one.facts!.created_at });
    else result.not_counted.push({ file: one.path, why });
  }
  for (const one of expired(counted, retention)) if (one.path !== path) result.removed.push(one.path);
  for (const file of result.removed) await rm(file, { force: true });
  if (result.removed.length > 0) await syncFolder(dirname(path));
  return result;
}

/** Why a file is not taken for the backup that its header tells of; undefined where it is. */
async function doubt(
  file: ListedBackup,
  record: RecordedBackup | undefined,
  isCopy: boolean,
  masterKeys: MasterKeys,
): Promise<string | undefined> {
  if (record && !isOf(record, file)) return 'it is not the one that the backup log knows';
  if (record?.verification === 'failed') return 'it is known to be damaged';
  if (!record && isCopy) return 'it begins as another one does';
  const opened = await BackupFile.open(file.path);
  try {
    return (await opened.opens(masterKeys)) ? undefined : 'it does not open';
  } catch (error) {
    if (!(error instanceof MissingKeyError)) throw error;
    const isKnown = record?.verification === 'passed' && isAsSeen(record, file);
    return isKnown ? undefined : 'its master key is not at hand';
  } finally {
    await opened.close();
  }
}
