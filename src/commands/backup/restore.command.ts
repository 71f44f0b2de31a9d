import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Option, SubCommand } from 'nest-commander';
import { loadSettings } from '../../core/config/load-settings.js';
import { Secret } from '../../core/config/settings.js';
import { Command } from '../command.js';
import { commandLog } from '../command-log.js';
import { asCommandLine } from '../installation.js';
import { OPSKEEP, print, printNotice, Progress } from '../output.js';

interface Options {
  json?: boolean;
  again?: boolean;
}

const cutOff = (path: string) =>
  `Cut off: half of it is in the databases, and no server starts on that. Run ${OPSKEEP} admin backup restore ${path} --again`;

/** Tells what an end by a signal (Ctrl-C, a shutdown) means, with its exit code. @returns what ends the waiting for one */
function whenStopped(words: () => string): () => void {
  const end = (_: NodeJS.Signals, number: number) => {
    printNotice(words());
    process.exit(128 + number);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  return () => void process.off('SIGINT', end).off('SIGTERM', end);
}

@SubCommand({
  name: 'restore',
  arguments: '<file>',
  description:
    'Verifies a backup and puts it into the empty databases of the settings, of either kind; with the server stopped',
  argsDescription: { file: 'a backup' },
})
export class RestoreBackupCommand extends Command {
  async run([given = '']: string[], { json, again = false }: Options): Promise<void> {
    const path = resolve(given);
    const { settings } = loadSettings();
    settings.JWT_SECRET_KEY ??= new Secret(randomBytes(32).toString('hex'));
    const { openBackup } = await import('./open-backup.js');
    const { restoreInto } = await import('./restore-into.js');
    const file = await openBackup(path);
    let hasBegun = false;
    const [verifying, loading] = [new Progress('Verified, bytes'), new Progress('Restored, bytes')];
    const endLines = () => {
      verifying.end();
      loading.end();
    };
    const forgetSignals = whenStopped(() => {
      endLines();
      return hasBegun ? cutOff(path) : 'Cut off: nothing was changed.';
    });
    try {
      const backup = await restoreInto(file, settings, {
        again,
        begun: () => (hasBegun = true),
        verifying: (done, total) => verifying.at(done, total),
        loading: (done, total) => {
          verifying.end();
          loading.at(done, total);
        },
        log: commandLog(settings),
        as: work => asCommandLine(this.path, work),
      });
      loading.end();
      print(json, { file: path, ...backup }, () =>
        [
          `The backup of ${backup.created_at} is restored: ${backup.rows} rows in ${backup.tables} tables.`,
          'The audit trail says so, and goes on from there.',
        ].join('\n'),
      );
      printNotice(
        `Everybody logs in again. What was changed after ${backup.created_at} is as it was before: users, access tokens and ` +
          'grants that were withdrawn since are in force again, and passwords that were changed are the earlier ones. ' +
          'Look at them before the server starts; "admin doctor" opens everything.',
      );
    } finally {
      forgetSignals();
      endLines();
      await file.close();
    }
  }

  @Option({
    flags: '--again',
    description: 'empties databases into which a restore was cut off, and begins anew; other databases never',
  })
  protected parseAgain(): boolean {
    return true;
  }
}
