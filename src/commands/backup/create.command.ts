import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Option, SubCommand } from 'nest-commander';
import { UsageError } from '../../failure.js';
import type { BackupType } from '../../operations/backups/backup-records.service.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, Progress } from '../output.js';
import { backupWords } from './backup-words.js';

const TYPES: readonly BackupType[] = ['manual', 'daily', 'weekly', 'monthly', 'pre_migration'];
const LONGEST_PERIOD = 100_000;

interface Options {
  json?: boolean;
  out?: string;
  type?: BackupType;
  keepLast?: number;
  keepDaily?: number;
  keepWeekly?: number;
  keepMonthly?: number;
}

function count(name: string, value: string): number {
  const number = /^\d{1,6}$/.test(value) ? Number(value) : NaN;
  if (!(number <= LONGEST_PERIOD)) throw new UsageError(`${name} takes a number of backups.`);
  return number;
}

@SubCommand({
  name: 'create',
  description: 'Makes a backup while servers go on running, and reads it back; with --keep-… older ones go',
})
export class CreateBackupCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], options: Options): Promise<void> {
    const { json, out, type = 'manual' } = options;
    const retention = {
      last: options.keepLast,
      daily: options.keepDaily,
      weekly: options.keepWeekly,
      monthly: options.keepMonthly,
    };
    if (out !== undefined && Object.values(retention).some(one => one !== undefined))
      throw new UsageError('--keep-… is for the backups of DATA/backups, and so not beside --out.');
    if (out !== undefined && !existsSync(dirname(out)))
      throw new UsageError(`There is no folder ${dirname(out)}: make it, or correct --out.`);
    const made = await this.installation.run(this.path, async (app, { settings }) => {
      const { Backups } = await import('../../operations/backups/backups.service.js');
      const { BackupRecords } = await import('../../operations/backups/backup-records.service.js');
      const { backupFolder, backupName, removeAbandoned } =
        await import('../../operations/backups/backup-folder.js');
      const { removeExpired } = await import('../../operations/backups/remove-expired.js');
      const { now } = await import('../../core/database/values.js');
      const path = out ?? join(backupFolder(settings.OPSKEEP_DATA), backupName(new Date()));
      if (existsSync(path)) throw new UsageError(`${path} is there already; a backup overwrites nothing.`);
      await removeAbandoned(dirname(path));
      const [rows, bytes] = [new Progress('Rows'), new Progress('Read back, bytes')];
      const backup = await app.get(Backups).make(path, {
        rows: (done, total) => rows.at(done, total),
        verified: (done, total) => {
          rows.end();
          bytes.at(done, total);
        },
      });
      bytes.end();
      const records = app.get(BackupRecords);
      await records.made(path, backup, type, now());
      const { MasterKeys } = await import('../../core/crypto/master-key/master-key-set.js');
      const after = await removeExpired(path, backup, retention, {
        records,
        masterKeys: app.get(MasterKeys),
      });
      for (const file of after.removed) await records.removed(file, now());
      return { file: path, ...backup, ...after };
    });
    print(json, made, () =>
      [
        ...backupWords(made),
        ...made.removed.map(file => `removed    ${file}`),
        ...made.not_counted.map(({ file, why }) => `left       ${file}: no backup that counts, ${why}`),
      ].join('\n'),
    );
  }

  @Option({
    flags: '--out <file>',
    description: 'a file that is not there yet (DATA/backups/opskeep-<time>.backup)',
  })
  protected parseOut(value: string): string {
    return resolve(value);
  }

  @Option({ flags: '--type <type>', description: `what the backup log calls it: ${TYPES.join(', ')}` })
  protected parseType(value: string): BackupType {
    const type = TYPES.find(one => one === value);
    if (!type) throw new UsageError(`--type takes one of ${TYPES.join(', ')}.`);
    return type;
  }

  @Option({
    flags: '--keep-last <n>',
    description: 'keep the newest n backups of DATA/backups; what no --keep-… keeps goes',
  })
  protected parseKeepLast(value: string): number {
    return count('--keep-last', value);
  }

  @Option({ flags: '--keep-daily <n>', description: 'keep the last one of each of n days (UTC)' })
  protected parseKeepDaily(value: string): number {
    return count('--keep-daily', value);
  }

  @Option({ flags: '--keep-weekly <n>', description: 'keep the last one of each of n weeks (ISO 8601)' })
  protected parseKeepWeekly(value: string): number {
    return count('--keep-weekly', value);
  }

  @Option({ flags: '--keep-monthly <n>', description: 'keep the last one of each of n months' })
  protected parseKeepMonthly(value: string): number {
    return count('--keep-monthly', value);
  }
}
