import { Body, Get, Headers, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { sharedAs } from '../../core/http/shared-as.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { etag } from '../../core/resource/if-match.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ProjectState } from './project-state.entity.js';
import { ProjectStateHistory } from './project-states.answers.js';
import { ProjectStatesService } from './project-states.service.js';
import { VersionPipe } from './version.pipe.js';

const { update, view } = bodiesOf(resourceOf(ProjectState));
const ProjectParam = () =>
  ApiParam({
    name: 'id',
    description: 'The id of the project',
    schema: { type: 'string', format: 'uuid' },
    ...sharedAs('by-project.id'),
  });

@ApiController('project-states')
export class ProjectStatesController extends ResourceController(ProjectState) {
  constructor(readonly service: ProjectStatesService) {
    super();
  }

  @Get('by-project/:id')
  @RequireScope('msp:read')
  @ApiOperation({ operationId: 'getProjectStateByProject', summary: 'Gets the state of a project' })
  @ProjectParam()
  @ApiResponse({ status: 200, description: 'The state', type: view })
  @ErrorsOf(404)
  async ofProject(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const row = await this.service.ofProject(id);
    etag(reply, row);
    return row;
  }

  @Put('by-project/:id')
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'putProjectStateByProject',
    summary: 'Changes the state of a project, or makes it',
  })
  @ProjectParam()
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of the state that is to be changed',
  })
  @ApiBody({ type: update })
  @ApiResponse({ status: 200, description: 'It was there', type: view })
  @ApiResponse({ status: 201, description: 'It is new', type: view })
  @ErrorsOf(404, 409, 412)
  async putOfProject(
    @IdParam() id: string,
    @Body(new BodyPipe(update)) body: object,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ) {
    const { row, created } = await this.service.put(id, body as Record<string, unknown>, ifMatch);
    etag(reply.status(created ? 201 : 200), row);
    return row;
  }

  @Get(':id/history')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getProjectStateHistory',
    summary: 'Gets the former versions of a state, 20 at a time',
  })
  @ApiQuery({
    name: 'before',
    required: false,
    description: 'Only versions before this one',
    schema: { type: 'integer', minimum: 1 },
  })
  @ApiResponse({ status: 200, description: 'Former versions', type: ProjectStateHistory })
  @ErrorsOf(404)
  history(@IdParam() id: string, @Query('before', new VersionPipe()) before: number) {
    return this.service.history(id, before);
  }
}
