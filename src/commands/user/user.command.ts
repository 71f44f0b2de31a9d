import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { AddUserCommand } from './add.command.js';
import { DisableUserCommand } from './disable.command.js';
import { ListUsersCommand } from './list.command.js';
import { ResetPasswordCommand } from './reset-password.command.js';
import { ResetTotpCommand } from './reset-totp.command.js';
import { UserScopesCommand } from './scopes.command.js';

@SubCommand({
  name: 'user',
  description: 'Users: who may log in, and to what',
  subCommands: [
    AddUserCommand,
    ListUsersCommand,
    DisableUserCommand,
    UserScopesCommand,
    ResetPasswordCommand,
    ResetTotpCommand,
  ],
})
export class UserCommand extends CommandGroup {}
