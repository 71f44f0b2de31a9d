import { Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { etag } from '../../core/resource/if-match.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Task } from '../tasks/task.entity.js';
import { PendingTask } from './pending-task.entity.js';
import { PendingTasksService } from './pending-tasks.service.js';

@ApiController('pending-tasks')
export class PendingTasksController extends ResourceController(PendingTask) {
  constructor(readonly service: PendingTasksService) {
    super();
  }

  @Post(':id/start-work')
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'startWorkOnPendingTask',
    summary: 'Makes a task of a pending task',
    description:
      'Both are in progress then. The task belongs to the caller unless the pending task was assigned.',
  })
  @ApiResponse({ status: 201, description: 'The task', type: bodiesOf(resourceOf(Task)).view })
  @ErrorsOf(404, 409)
  async startWork(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const task = await this.service.startWork(id);
    etag(reply, task);
    reply.header('location', `/api/tasks/${task.id}`);
    return task;
  }
}
