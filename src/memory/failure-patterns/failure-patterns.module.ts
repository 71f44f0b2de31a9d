import { Module } from '@nestjs/common';
import { FailurePatternsController } from './failure-patterns.controller.js';
import { FailurePatternsService } from './failure-patterns.service.js';

@Module({
  controllers: [FailurePatternsController],
  providers: [FailurePatternsService],
  exports: [FailurePatternsService],
})
export class FailurePatternsModule {}
