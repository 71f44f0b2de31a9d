import { Module } from '@nestjs/common';
import { AdminCommand } from './admin.command.js';
import { AuditCommand } from './audit/audit.command.js';
import { EarlierCommand } from './audit/earlier.command.js';
import { ExportCommand } from './audit/export.command.js';
import { HeadCommand } from './audit/head.command.js';
import { ProveCommand } from './audit/prove.command.js';
import { VerifyCommand } from './audit/verify.command.js';
import { BackupCommand } from './backup/backup.command.js';
import { CreateBackupCommand } from './backup/create.command.js';
import { ListBackupsCommand } from './backup/list.command.js';
import { RestoreBackupCommand } from './backup/restore.command.js';
import { VerifyBackupCommand } from './backup/verify.command.js';
import { ExportFolderCommand } from './data/export.command.js';
import { ImportCommand } from './data/import.command.js';
import { DemoCommand } from './demo/demo.command.js';
import { SeedCommand } from './demo/seed.command.js';
import { DoctorCommand } from './doctor/doctor.command.js';
import { ImportFromCommand } from './import-from/import-from.command.js';
import { Installation } from './installation.js';
import { FinishMigrationCommand } from './keys/finish-migration.command.js';
import { GenerateCommand } from './keys/generate.command.js';
import { KeysCommand } from './keys/keys.command.js';
import { RotateDataCommand } from './keys/rotate-data.command.js';
import { RotateKekCommand } from './keys/rotate-kek.command.js';
import { KeysStatusCommand } from './keys/status.command.js';
import { CredentialsFileCommand } from './migrate-from/file/credentials-file.command.js';
import { MigrateFromCommand } from './migrate-from/migrate-from.command.js';
import { FernetCommand } from './migrate-from/tables/fernet.command.js';
import { V2Command } from './migrate-from/tables/v2.command.js';
import { MigrateCommand } from './migrate/migrate.command.js';
import { RevertCommand } from './migrate/revert.command.js';
import { RunCommand } from './migrate/run.command.js';
import { MigrateStatusCommand } from './migrate/status.command.js';
import { OpenapiCommand } from './openapi.command.js';
import { Opskeep } from './root.command.js';
import { ServeCommand } from './serve.command.js';
import { IssueTokenCommand } from './token/issue.command.js';
import { ListTokensCommand } from './token/list.command.js';
import { RevokeTokenCommand } from './token/revoke.command.js';
import { TokenCommand } from './token/token.command.js';
import { AddUserCommand } from './user/add.command.js';
import { DisableUserCommand } from './user/disable.command.js';
import { ListUsersCommand } from './user/list.command.js';
import { ResetPasswordCommand } from './user/reset-password.command.js';
import { ResetTotpCommand } from './user/reset-totp.command.js';
import { UserScopesCommand } from './user/scopes.command.js';
import { UserCommand } from './user/user.command.js';
import { Users } from './user/users.js';

/** The tree of commands, and nothing of the application: help and `keys generate` start at once. */
@Module({
  providers: [
    Installation,
    Users,
    Opskeep,
    AdminCommand,
    ServeCommand,
    OpenapiCommand,
    DoctorCommand,
    ImportFromCommand,
    ...[MigrateCommand, MigrateStatusCommand, RunCommand, RevertCommand],
    ...[UserCommand, AddUserCommand, ListUsersCommand, DisableUserCommand, UserScopesCommand],
    ...[ResetPasswordCommand, ResetTotpCommand],
    ...[TokenCommand, IssueTokenCommand, ListTokensCommand, RevokeTokenCommand],
    ...[
      KeysCommand,
      GenerateCommand,
      KeysStatusCommand,
      RotateKekCommand,
      RotateDataCommand,
      FinishMigrationCommand,
    ],
    ...[AuditCommand, VerifyCommand, HeadCommand, ProveCommand, ExportCommand, EarlierCommand],
    ...[BackupCommand, CreateBackupCommand, VerifyBackupCommand, RestoreBackupCommand, ListBackupsCommand],
    ...[MigrateFromCommand, FernetCommand, V2Command, CredentialsFileCommand],
    ...[ExportFolderCommand, ImportCommand],
    ...[DemoCommand, SeedCommand],
  ],
})
export class CommandsModule {}
