import { NotFoundError } from '../../core/context/errors.js';
import { BackupFile } from '../../operations/backups/backup-file.js';

/** @throws NotFoundError where there is no file; DamagedBackupError; Error in words where it may not be read */
export async function openBackup(path: string): Promise<BackupFile> {
  try {
    return await BackupFile.open(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new NotFoundError(`There is no file ${path}`);
    if (code === undefined) throw error;
    throw new Error(`${path} cannot be read (${code})`, { cause: error });
  }
}
