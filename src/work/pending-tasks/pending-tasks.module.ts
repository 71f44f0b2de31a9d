import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { PendingTasksController } from './pending-tasks.controller.js';
import { PendingTasksService } from './pending-tasks.service.js';

@Module({
  imports: [TasksModule],
  controllers: [PendingTasksController],
  providers: [PendingTasksService],
  exports: [PendingTasksService],
})
export class PendingTasksModule {}
