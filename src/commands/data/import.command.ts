import { resolve } from 'node:path';
import { Option, SubCommand } from 'nest-commander';
import { UsageError } from '../../failure.js';
import type { FileOptions } from '../bulk-import/bring-file.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import type { FolderOptions } from './take-folder.js';

type Options = FileOptions & FolderOptions & { folder?: string };

const OF_A_FILE = ['onConflict', 'matchKey'] as const;
const OF_A_FOLDER = ['passphraseFile', 'withoutSecrets'] as const;

@SubCommand({
  name: 'import',
  arguments: '[resource] [file]',
  argsDescription: {
    resource: 'the path of a resource, such as sites',
    file: 'CSV or NDJSON (.csv, .ndjson), as an export writes it, at most 64 MiB; - reads CSV from stdin',
  },
  description: 'Brings in a file of rows, all or none, or (--folder) what "admin export" wrote',
})
export class ImportCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(args: string[], options: Options): Promise<void> {
    const { folder } = options;
    const misplaced = (folder === undefined ? OF_A_FOLDER : OF_A_FILE).filter(one => options[one] !== undefined);
    if (folder === undefined ? args.length < 2 : args.length > 0)
      throw new UsageError('Name a resource and a file, or the folder of an export: --folder DIR.');
    if (misplaced.length > 0)
      throw new UsageError(
        folder === undefined
          ? '--passphrase-file and --without-secrets are for --folder.'
          : '--on-conflict and --match-key are for a file of rows, not for --folder.',
      );
    if (folder === undefined) {
      const { bringFile } = await import('../bulk-import/bring-file.js');
      return bringFile(this.installation, this.path, args, options);
    }
    const { takeFolder } = await import('./take-folder.js');
    return takeFolder(folder, this.path, options);
  }

  @Option({
    flags: '--folder <dir>',
    description: 'a folder that "admin export" has written; the server is stopped',
  })
  protected parseFolder(value: string): string {
    return resolve(value);
  }

  @Option({ flags: '--dry-run', description: 'reads and tries all of it, and changes nothing' })
  protected parseDryRun(): boolean {
    return true;
  }

  @Option({
    flags: '--on-conflict <what>',
    description: 'of a file, rows that are there already: error (as it is without), skip or update',
  })
  protected parseOnConflict(value: string): string {
    return value;
  }

  @Option({
    flags: '--match-key <fields>',
    description: 'of a file, fields by which a row is found that is there, such as client_id,name, or id',
  })
  protected parseMatchKey(value: string): string {
    return value;
  }

  @Option({
    flags: '--passphrase-file <file>',
    description: 'reads the passphrase of the secrets of a folder from a file (- for stdin)',
  })
  protected parsePassphraseFile(value: string): string {
    return value;
  }

  @Option({ flags: '--without-secrets', description: 'leaves the secrets of the folder out' })
  protected parseWithoutSecrets(): boolean {
    return true;
  }
}
