import { Module } from '@nestjs/common';
import { BackupLogController } from './backup-log.controller.js';
import { BackupLogService } from './backup-log.service.js';

@Module({ controllers: [BackupLogController], providers: [BackupLogService], exports: [BackupLogService] })
export class BackupLogModule {}
