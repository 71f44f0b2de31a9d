import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { FinishMigrationCommand } from './finish-migration.command.js';
import { GenerateCommand } from './generate.command.js';
import { RotateDataCommand } from './rotate-data.command.js';
import { RotateKekCommand } from './rotate-kek.command.js';
import { KeysStatusCommand } from './status.command.js';

@SubCommand({
  name: 'keys',
  description: 'The master key and the keys that it wraps',
  subCommands: [
    GenerateCommand,
    KeysStatusCommand,
    RotateKekCommand,
    RotateDataCommand,
    FinishMigrationCommand,
  ],
})
export class KeysCommand extends CommandGroup {}
