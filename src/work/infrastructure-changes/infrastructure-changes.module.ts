import { Module } from '@nestjs/common';
import { InfrastructureChangesController } from './infrastructure-changes.controller.js';
import { InfrastructureChangesService } from './infrastructure-changes.service.js';

@Module({
  controllers: [InfrastructureChangesController],
  providers: [InfrastructureChangesService],
  exports: [InfrastructureChangesService],
})
export class InfrastructureChangesModule {}
