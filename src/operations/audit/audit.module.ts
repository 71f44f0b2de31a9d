import { Module } from '@nestjs/common';
import { ApiAuditLogModule } from '../api-audit-log/api-audit-log.module.js';
import { AuditController } from './audit.controller.js';

@Module({ imports: [ApiAuditLogModule], controllers: [AuditController] })
export class AuditRoutesModule {}
