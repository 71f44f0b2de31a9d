import { basename, resolve } from 'node:path';
import { SubCommand } from 'nest-commander';
import { loadSettings } from '../../core/config/load-settings.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, printNotice, table } from '../output.js';
import type { RecordedBackup } from '../../operations/backups/recorded-backup.js';
import { requireInstallation } from '../require-installation.js';
import { sizeOf } from './backup-words.js';

const NONE = new Map<string, RecordedBackup>();

/** `passed on 2026-11-28` */
function lookedAt({
  verification,
  verified_at,
}: {
  verification: string | null;
  verified_at: string | null;
}) {
  if (verified_at === null) return verification ?? 'not known';
  return `${verification} on ${verified_at.slice(0, 10)}`;
}

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
    // Where databases were lost, their backups are what is looked for.
    if (given === undefined && found.length === 0) await requireInstallation(settings);
    const { verificationOf } = await import('../../operations/backups/recorded-backup.js');
    const known = found.length === 0 ? NONE : await this.known(found.map(one => one.path));
    const listed = found.map(one => ({
      file: one.path,
      size_bytes: one.size_bytes,
      ...one.facts,
      fault: one.fault ?? null,
      ...verificationOf(one, known.get(one.path)),
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
              lookedAt(one),
            ]),
          ),
    );
  }

  private async known(paths: string[]): Promise<Map<string, RecordedBackup>> {
    try {
      return await this.installation.run(this.path, async app => {
        const { BackupRecords } = await import('../../operations/backups/backup-records.service.js');
        return app.get(BackupRecords).known(paths);
      });
    } catch (error) {
      printNotice(`The backup log cannot be asked: ${(error as Error).message}`);
      return NONE;
    }
  }
}
