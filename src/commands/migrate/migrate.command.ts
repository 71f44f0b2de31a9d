import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { RevertCommand } from './revert.command.js';
import { RunCommand } from './run.command.js';
import { MigrateStatusCommand } from './status.command.js';

@SubCommand({
  name: 'migrate',
  description: 'The schema of the databases',
  subCommands: [MigrateStatusCommand, RunCommand, RevertCommand],
})
export class MigrateCommand extends CommandGroup {}
