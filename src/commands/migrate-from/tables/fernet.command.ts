import { SubCommand } from 'nest-commander';
import { Installation } from '../../installation.js';
import { TableCommand, type TableOptions } from './table.command.js';
import { OneKey } from './value-keys.js';

@SubCommand({
  name: 'fernet',
  arguments: '[file]',
  argsDescription: { file: 'the database, where it is a file of SQLite' },
  description:
    'Brings clients, credentials and audit entries of a database whose *_encrypted columns were encrypted under ENCRYPTION_KEY',
})
export class FernetCommand extends TableCommand {
  constructor(installation: Installation) {
    super(installation);
  }

  async run([file]: string[], options: TableOptions): Promise<void> {
    const key = this.keyOf(await this.keyText(options, 'ENCRYPTION_KEY'));
    await this.migrate(options, () => this.tables(file, options, 'fernet', () => new OneKey(key)));
  }
}
