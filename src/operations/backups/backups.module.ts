import { Module } from '@nestjs/common';
import { ApprovalsModule } from '../../vault/approvals/approvals.module.js';
import { SharesModule } from '../../vault/shares/shares.module.js';
import { BackupLogModule } from '../backup-log/backup-log.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { AfterRestore } from './after-restore.service.js';
import { BackupRecords } from './backup-records.service.js';
import { Backups } from './backups.service.js';

/** Backups of the installation, which the command line makes and restores. */
@Module({
  imports: [BackupLogModule, SharesModule, ApprovalsModule, WebhooksModule],
  providers: [Backups, BackupRecords, AfterRestore],
})
export class BackupsModule {}
