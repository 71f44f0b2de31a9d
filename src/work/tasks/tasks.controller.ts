import { Delete, Get, HttpCode, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { DescribeFields, DescribePlaces } from '../../core/resource/describe/describe-places.js';
import { DescribeListAs } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { PlacesPipe, type PlacesQuery } from '../../core/resource/lists/places.pipe.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Task } from './task.entity.js';
import { TaskTreePage } from './tasks.bodies.js';
import { TasksService } from './tasks.service.js';

const ID = { name: 'id', schema: { type: 'string', format: 'uuid' } } as const;
const OTHER = {
  name: 'other',
  description: 'The task that has to be done before',
  schema: { type: 'string', format: 'uuid' },
} as const;

@ApiController('tasks')
export class TasksController extends ResourceController(Task) {
  constructor(readonly service: TasksService) {
    super();
  }

  @Get(':id/dependencies')
  @RequireScope('msp:read')
  @DescribeListAs(resourceOf(Task), 'listTaskDependencies', 'Lists what a task waits for')
  @ErrorsOf(404)
  dependencies(@IdParam() id: string, @Query() query: RawQuery) {
    return this.service.dependencies(id, query);
  }

  @Put(':id/dependencies/:other')
  @HttpCode(204)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'addTaskDependency',
    summary: 'Lets a task wait for another one',
    description:
      '409 where the other one waits for it, directly or not, or is open while it is completed. Repeating it changes nothing.',
  })
  @ApiParam(ID)
  @ApiParam(OTHER)
  @ApiResponse({ status: 204, description: 'It waits' })
  @ErrorsOf(404, 409)
  async depend(@IdParam() id: string, @IdParam('other') other: string) {
    await this.service.depend(id, other);
  }

  @Delete(':id/dependencies/:other')
  @HttpCode(204)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'removeTaskDependency',
    summary: 'Lets a task wait for another one no longer',
    description: 'Repeating it changes nothing.',
  })
  @ApiParam(ID)
  @ApiParam(OTHER)
  @ApiResponse({ status: 204, description: 'It does not wait' })
  @ErrorsOf(404)
  async release(@IdParam() id: string, @IdParam('other') other: string) {
    await this.service.release(id, other);
  }

  @Get(':id/tree')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getTaskTree',
    summary: 'Returns a task with all that is below it',
    description:
      'Flat, with the depth of each; `next` goes on. Tasks of clients that the caller does not see are left out.',
  })
  @ApiParam(ID)
  @DescribePlaces()
  @DescribeFields()
  @ApiResponse({ status: 200, description: 'A page of the tree', type: TaskTreePage })
  @ErrorsOf(404)
  tree(@IdParam() id: string, @Query(new PlacesPipe('fields', 'omit')) { limit, query }: PlacesQuery) {
    return this.service.tree(id, limit, query);
  }
}
