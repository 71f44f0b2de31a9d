import { RootCommand } from 'nest-commander';
import { AdminCommand } from './admin.command.js';
import { CommandGroup } from './command.js';

@RootCommand({
  name: 'opskeep',
  description: 'Opskeep: the back office and credential vault of a managed service provider',
  subCommands: [AdminCommand],
})
export class Opskeep extends CommandGroup {}
