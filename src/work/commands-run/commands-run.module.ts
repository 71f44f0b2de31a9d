import { Module } from '@nestjs/common';
import { CommandsRunController } from './commands-run.controller.js';
import { CommandsRunService } from './commands-run.service.js';

@Module({
  controllers: [CommandsRunController],
  providers: [CommandsRunService],
  exports: [CommandsRunService],
})
export class CommandsRunModule {}
