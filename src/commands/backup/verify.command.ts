import { resolve } from 'node:path';
import { SubCommand } from 'nest-commander';
import { loadSettings } from '../../core/config/load-settings.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, printNotice, Progress } from '../output.js';
import { backupWords, factWords } from './backup-words.js';

@SubCommand({
  name: 'verify',
  arguments: '<file>',
  description:
    'Reads a backup to its end: every byte is as it was written; needs the master key, and no database',
  argsDescription: { file: 'a backup' },
})
export class VerifyBackupCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run([given = '']: string[], { json }: { json?: boolean }): Promise<void> {
    const path = resolve(given);
    const { settings } = loadSettings();
    const { openBackup } = await import('./open-backup.js');
    const { presentMasterKeys } = await import('../../core/crypto/master-key/master-key-set.js');
    const { MissingKeyError } = await import('../../core/crypto/sealed-files.js');
    const { DamagedBackupError } = await import('../../operations/backups/backup-file.js');
    const { verifyBackup } = await import('../../operations/backups/verify-backup.js');
    const file = await openBackup(path);
    const progress = new Progress('Bytes');
    try {
      const keys = await presentMasterKeys(settings);
      if (!keys) throw new MissingKeyError(file.facts.kek_id, []);
      const backup = await verifyBackup(file, keys, (done, total) => progress.at(done, total));
      progress.end();
      await this.note(path, 'passed', backup.checksum_sha256);
      print(json, { file: path, ok: true, ...backup }, () =>
        backupWords({ file: path, ...backup }).join('\n'),
      );
    } catch (error) {
      progress.end();
      const isDamaged = error instanceof DamagedBackupError;
      if (!isDamaged && !(error instanceof MissingKeyError)) throw error;
      if (isDamaged) await this.note(path, 'failed');
      print(json, { file: path, ok: false, ...file.facts, fault: error.message }, () =>
        [path, ...factWords(file.facts), 'verified   no: this is what its header says'].join('\n'),
      );
      throw error;
    } finally {
      await file.close();
    }
  }

  /** In the backup log, where the installation is there; a backup is looked at most when it is not. */
  private async note(path: string, outcome: 'passed' | 'failed', checksum?: string): Promise<void> {
    try {
      await this.installation.run(this.path, async app => {
        const { BackupRecords } = await import('../../operations/backups/backup-records.service.js');
        if (!(await app.get(BackupRecords).looked(path, outcome, checksum)))
          printNotice('The backup log of this installation does not know this backup.');
      });
    } catch (error) {
      printNotice(`This is not noted in a backup log: ${(error as Error).message}`);
    }
  }
}
