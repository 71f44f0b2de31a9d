import { Module } from '@nestjs/common';
import { AuditRoutesModule } from './audit/audit.module.js';

@Module({ imports: [AuditRoutesModule] })
export class OperationsModule {}
