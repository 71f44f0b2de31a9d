import { SubCommand } from 'nest-commander';
import { AuditCommand } from './audit/audit.command.js';
import { BackupCommand } from './backup/backup.command.js';
import { CommandGroup } from './command.js';
import { ExportFolderCommand } from './data/export.command.js';
import { ImportCommand } from './data/import.command.js';
import { DemoCommand } from './demo/demo.command.js';
import { DoctorCommand } from './doctor/doctor.command.js';
import { ImportFromCommand } from './import-from/import-from.command.js';
import { KeysCommand } from './keys/keys.command.js';
import { MigrateFromCommand } from './migrate-from/migrate-from.command.js';
import { MigrateCommand } from './migrate/migrate.command.js';
import { OpenapiCommand } from './openapi.command.js';
import { ServeCommand } from './serve.command.js';
import { TokenCommand } from './token/token.command.js';
import { UserCommand } from './user/user.command.js';

@SubCommand({
  name: 'admin',
  description: 'Commands for the server: on its machine, with its settings',
  subCommands: [
    ServeCommand,
    MigrateCommand,
    UserCommand,
    TokenCommand,
    KeysCommand,
    AuditCommand,
    BackupCommand,
    DoctorCommand,
    ExportFolderCommand,
    ImportCommand,
    ImportFromCommand,
    MigrateFromCommand,
    DemoCommand,
    OpenapiCommand,
  ],
})
export class AdminCommand extends CommandGroup {}
