import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { CredentialsFileCommand } from './file/credentials-file.command.js';
import { FernetCommand } from './tables/fernet.command.js';
import { V2Command } from './tables/v2.command.js';

@SubCommand({
  name: 'migrate-from',
  description: 'The way in from earlier systems: every value is opened before the first row is written',
  subCommands: [FernetCommand, V2Command, CredentialsFileCommand],
})
export class MigrateFromCommand extends CommandGroup {}
