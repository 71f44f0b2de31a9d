import { Option, SubCommand } from 'nest-commander';
import { UsageError } from '../../../failure.js';
import { Installation } from '../../installation.js';
import { MigrationCommand, type MigrationOptions } from '../migration.command.js';

interface Options extends MigrationOptions {
  salt?: string;
}

@SubCommand({
  name: 'credentials-file',
  arguments: '<file>',
  argsDescription: { file: 'a .credentials file of version 1' },
  description: 'Brings the secrets of a .credentials file of version 1 into the vault',
})
export class CredentialsFileCommand extends MigrationCommand {
  constructor(installation: Installation) {
    super(installation);
  }

  async run([file = '']: string[], options: Options): Promise<void> {
    const key = await this.keyText(options, 'FPAI_CREDENTIALS_KEY');
    await this.migrate(options, async () => {
      const { FileSystem } = await import('./file-system.js');
      return FileSystem.open(file, key, options.salt, options.source);
    });
  }

  @Option({
    flags: '--salt <text>',
    description: 'the salt, where the key was made of the text in the environment',
  })
  protected parseSalt(value: string): string {
    if (value === '') throw new UsageError('--salt must not be empty.');
    return value;
  }
}
