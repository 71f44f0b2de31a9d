import { Module } from '@nestjs/common';
import { TaskDependenciesService } from './task-dependencies.service.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';

@Module({
  controllers: [TasksController],
  providers: [TaskDependenciesService, TasksService],
  exports: [TasksService],
})
export class TasksModule {}
