import { loadSettings } from '../../core/config/load-settings.js';
import { UsageError } from '../../failure.js';
import { commandLog } from '../command-log.js';
import { asCommandLine } from '../installation.js';
import { OPSKEEP, print, printNotice, Progress } from '../output.js';
import { importFolder } from './import-folder.js';
import { readPassphrase } from './passphrase.js';

export interface FolderOptions {
  json?: boolean;
  dryRun?: boolean;
  passphraseFile?: string;
  withoutSecrets?: boolean;
}

const cutOff = (folder: string) =>
  `Cut off: half of it is in the databases, and no server starts on that. Run ${OPSKEEP} admin import --folder ${folder} to go on.`;

/** Takes a folder that "admin export" has written, and prints what came of it. */
export async function takeFolder(folder: string, command: string, options: FolderOptions): Promise<void> {
  const { json, dryRun = false, passphraseFile, withoutSecrets } = options;
  if (withoutSecrets && passphraseFile !== undefined)
    throw new UsageError('--passphrase-file and --without-secrets contradict each other.');
  const passphrase = withoutSecrets ? null : passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile);
  const { settings } = loadSettings();
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
      as: work => asCommandLine(command, work),
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
