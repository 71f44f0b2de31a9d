import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { IssueTokenCommand } from './issue.command.js';
import { ListTokensCommand } from './list.command.js';
import { RevokeTokenCommand } from './revoke.command.js';

@SubCommand({
  name: 'token',
  description: 'Access tokens for machines and helpers',
  subCommands: [IssueTokenCommand, ListTokensCommand, RevokeTokenCommand],
})
export class TokenCommand extends CommandGroup {}
