import { Module } from '@nestjs/common';
import { CredentialAuditLogsModule } from '../../vault/audit-logs/credential-audit-logs.module.js';
import { ApiAuditLogController } from './api-audit-log.controller.js';
import { ApiAuditLogService } from './api-audit-log.service.js';

@Module({
  imports: [CredentialAuditLogsModule],
  controllers: [ApiAuditLogController],
  providers: [ApiAuditLogService],
  exports: [ApiAuditLogService],
})
export class ApiAuditLogModule {}
