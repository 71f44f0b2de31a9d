import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { CreateBackupCommand } from './create.command.js';
import { ListBackupsCommand } from './list.command.js';
import { RestoreBackupCommand } from './restore.command.js';
import { VerifyBackupCommand } from './verify.command.js';

@SubCommand({
  name: 'backup',
  description: 'Backups of both databases, in one sealed file that only the master key opens',
  subCommands: [CreateBackupCommand, VerifyBackupCommand, RestoreBackupCommand, ListBackupsCommand],
})
export class BackupCommand extends CommandGroup {}
