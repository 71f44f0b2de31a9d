import { basename, resolve } from 'node:path';
import { SubCommand } from 'nest-commander';
import { loadSettings } from '../../core/config/load-settings.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, printNotice, table } from '../output.js';
import { sizeOf } from './backup-words.js';

@SubCommand({
  name: 'list',
  arguments: '[folder]',
  description: 'The backups of DATA/backups, or of another folder, by their headers; the newest first',
  argsDescription: { folder: 'a folder' },
})
export class ListBackupsCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run([given]: string[], { json }: { json?: boolean }): Promise<void> {
    const { settings } = loadSettings();
    const { backupFolder, backupsIn } = await import('../../operations/backups/backup-folder.js');
    const folder = given === undefined ? backupFolder(settings.OPSKEEP_DATA) : resolve(given);
    const found = await backupsIn(folder);
    const known =
      found.length === 0 ? new Map<string, string>() : await this.verifications(found.map(one => one.path));
    const listed = found.map(one => ({
      file: one.path,
      size_bytes: one.size_bytes,
      ...one.facts,
      fault: one.fault ?? null,
      verification: known.get(one.path) ?? null,
    }));
    print(json, { folder, backups: listed }, () =>
      listed.length === 0
        ? `There are no backups in ${folder}`
        : table(
            ['file', 'made', 'size', 'version', 'database', 'opened by', 'verification'],
            listed.map(one => [
              basename(one.file),
              one.created_at ?? 'its header is damaged',
              sizeOf(one.size_bytes),
              one.version ?? '',
              one.database ?? '',
              one.kek_id ?? '',
              one.verification ?? 'not known',
            ]),
          ),
    );
  }

  private async verifications(paths: string[]): Promise<Map<string, string>> {
    try {
      return await this.installation.run(this.path, async app => {
        const { BackupRecords } = await import('../../operations/backups/backup-records.service.js');
        return app.get(BackupRecords).verificationOf(paths);
      });
    } catch (error) {
      printNotice(`The backup log cannot be asked: ${(error as Error).message}`);
      return new Map();
    }
  }
}
