import { resolve } from 'node:path';
import { Option, SubCommand } from 'nest-commander';
import { loadSettings } from '../../core/config/load-settings.js';
import { UsageError } from '../../failure.js';
import { Command } from '../command.js';
import { commandLog } from '../command-log.js';
import { asCommandLine } from '../installation.js';
import { readPassphrase } from './passphrase.js';
import { OPSKEEP, print, printNotice, Progress } from '../output.js';

interface Options {
  json?: boolean;
  folder?: string;
  dryRun?: boolean;
  passphraseFile?: string;
  withoutSecrets?: boolean;
}

const cutOff = (folder: string) =>
  `Cut off: half of it is in the databases, and no server starts on that. Run ${OPSKEEP} admin import --folder ${folder} to go on.`;

@SubCommand({
  name: 'import',
  description:
    'Takes a folder of "admin export" into an installation without rows, of either kind; with the server stopped',
})
export class ImportDataCommand extends Command {
  async run(_args: string[], options: Options): Promise<void> {
    const { json, folder, dryRun = false, passphraseFile, withoutSecrets } = options;
    if (folder === undefined) throw new UsageError('Name the folder of an export: --folder DIR.');
    if (withoutSecrets && passphraseFile !== undefined)
      throw new UsageError('--passphrase-file and --without-secrets contradict each other.');
    const passphrase = withoutSecrets ? null : passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile);
    const { settings } = loadSettings();
    const { importFolder } = await import('./import-folder.js');
    const [checking, storing] = [new Progress('Checked, rows'), new Progress('Stored, rows')];
    let hasBegun = false;
    const endLines = () => [checking, storing].forEach(one => one.end());
    const end = (_: NodeJS.Signals, number: number) => {
      endLines();
      printNotice(hasBegun ? cutOff(folder) : 'Cut off: nothing was changed.');
      process.exit(128 + number);
    };
    process.on('SIGINT', end).on('SIGTERM', end);
    try {
      const done = await importFolder(folder, settings, {
        isDry: dryRun,
        passphrase,
        begun: () => (hasBegun = true),
        checked: (rows, total) => checking.at(rows, total),
        stored: (rows, total) => {
          checking.end();
          storing.at(rows, total);
        },
        log: commandLog(settings),
        as: work => asCommandLine(this.path, work),
      });
      endLines();
      const { created_at, files } = done.manifest;
      print(json, { folder, dry_run: dryRun, ...done }, () =>
        [
          dryRun
            ? `The folder of ${created_at} is whole, and can be imported: ${done.rows} rows in ${files.length} files.`
            : `The folder of ${created_at} is imported: ${done.rows} rows in ${files.length} files.`,
          ...(done.secrets > 0 ? [`Secrets of ${done.secrets} credentials are sealed under the keys of this installation.`] : []),
          ...(done.cleared > 0
            ? [`References to ${done.cleared} rows that are nowhere ${dryRun ? 'will be' : 'were'} cleared.`]
            : []),
        ].join('\n'),
      );
      if (!dryRun)
        printNotice(
          'Users come without passwords and second factors ("admin user reset-password" sets one), credentials without ' +
            'secrets unless they were exported, and webhooks are off.',
        );
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end);
      endLines();
    }
  }

  @Option({ flags: '--folder <dir>', description: 'a folder that "admin export" has written' })
  protected parseFolder(value: string): string {
    return resolve(value);
  }

  @Option({
    flags: '--passphrase-file <file>',
    description: 'reads the passphrase of the secrets from a file (- for stdin)',
  })
  protected parsePassphraseFile(value: string): string {
    return value;
  }

  @Option({ flags: '--without-secrets', description: 'leaves the secrets of the folder out' })
  protected parseWithoutSecrets(): boolean {
    return true;
  }

  @Option({ flags: '--dry-run', description: 'reads and checks all of it, and changes nothing' })
  protected parseDryRun(): boolean {
    return true;
  }
}
