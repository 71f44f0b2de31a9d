import { Module } from '@nestjs/common';
import { FailurePatternsModule } from '../failure-patterns/failure-patterns.module.js';
import { OperationFailuresController } from './operation-failures.controller.js';
import { OperationFailuresService } from './operation-failures.service.js';

@Module({
  imports: [FailurePatternsModule],
  controllers: [OperationFailuresController],
  providers: [OperationFailuresService],
  exports: [OperationFailuresService],
})
export class OperationFailuresModule {}
