import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { EarlierCommand } from './earlier.command.js';
import { VerifyCommand } from './verify.command.js';

@SubCommand({ name: 'audit', description: 'The audit trail', subCommands: [VerifyCommand, EarlierCommand] })
export class AuditCommand extends CommandGroup {}
