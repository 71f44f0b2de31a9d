import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { syncFolder } from '../../core/context/durable-files.js';
import { backupsIn, isOurName } from './backup-folder.js';
import { expired, type Retention } from './retention.js';
import type { VerifiedBackup } from './verify-backup.js';

/**
 * Removes what retention does not keep of the backups beside a new one, which was read back: of this installation
 * alone, and only such as have the name that we give.
 *
 * @returns the paths
 */
export async function removeExpired(
  path: string,
  { install_id }: VerifiedBackup,
  retention: Retention,
): Promise<string[]> {
  const ours = (await backupsIn(dirname(path))).flatMap(({ path: file, facts }) =>
    facts?.install_id === install_id && isOurName(basename(file))
      ? [{ file, created_at: facts.created_at }]
      : [],
  );
  const gone = expired(ours, retention)
    .map(one => one.file)
    .filter(file => file !== path);
  for (const file of gone) await rm(file, { force: true });
  if (gone.length > 0) await syncFolder(dirname(path));
  return gone;
}
