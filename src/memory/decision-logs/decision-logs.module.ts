import { Module } from '@nestjs/common';
import { DecisionLogsController } from './decision-logs.controller.js';
import { DecisionLogsService } from './decision-logs.service.js';

@Module({
  controllers: [DecisionLogsController],
  providers: [DecisionLogsService],
  exports: [DecisionLogsService],
})
export class DecisionLogsModule {}
