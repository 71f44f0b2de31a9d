import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { EarlierCommand } from './earlier.command.js';
import { ExportCommand } from './export.command.js';
import { HeadCommand } from './head.command.js';
import { ProveCommand } from './prove.command.js';
import { VerifyCommand } from './verify.command.js';

@SubCommand({
  name: 'audit',
  description: 'The audit trail',
  subCommands: [VerifyCommand, HeadCommand, ProveCommand, ExportCommand, EarlierCommand],
})
export class AuditCommand extends CommandGroup {}
