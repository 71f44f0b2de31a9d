import { Body, Param, Put, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { ApiController } from '../../core/http/api-controller.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { etag } from '../../core/resource/if-match.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Machine } from './machine.entity.js';
import { MachinesService } from './machines.service.js';

const { create, view } = bodiesOf(resourceOf(Machine));

@ApiController('machines')
export class MachinesController extends ResourceController(Machine) {
  constructor(readonly service: MachinesService) {
    super();
  }

  @Put('by-fingerprint/:fingerprint')
  @RequireScope('msp:write')
  @ApiOperation({ operationId: 'upsertMachine', summary: 'Creates or updates a machine by its fingerprint' })
  @ApiBody({ type: create })
  @ApiResponse({ status: 200, description: 'It was known', type: view })
  @ApiResponse({ status: 201, description: 'It is new', type: view })
  @ErrorsOf(401, 403, 409, 422)
  async upsert(
    @Param('fingerprint') fingerprint: string,
    @Body(new BodyPipe(create)) body: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { row, created } = await this.service.upsert(fingerprint, body as Record<string, unknown>);
    etag(reply.status(created ? 201 : 200), row);
    return row;
  }
}
