import { Module } from '@nestjs/common';
import { ApiAuditLogModule } from './api-audit-log/api-audit-log.module.js';
import { AuditRoutesModule } from './audit/audit.module.js';

@Module({ imports: [ApiAuditLogModule, AuditRoutesModule] })
export class OperationsModule {}
