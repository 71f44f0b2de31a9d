import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { CredentialAuditLogsController } from './credential-audit-logs.controller.js';
import { CredentialAuditLogsService } from './credential-audit-logs.service.js';

@Module({
  imports: [CredentialsModule],
  controllers: [CredentialAuditLogsController],
  providers: [CredentialAuditLogsService],
  exports: [CredentialAuditLogsService],
})
export class CredentialAuditLogsModule {}
