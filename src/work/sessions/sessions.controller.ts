import { Body, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { etag } from '../../core/resource/if-match.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Session } from './session.entity.js';
import { CloseSessionBody } from './sessions.bodies.js';
import { SessionsService } from './sessions.service.js';

@ApiController('sessions')
export class SessionsController extends ResourceController(Session) {
  constructor(readonly service: SessionsService) {
    super();
  }

  @Post(':id/close')
  @HttpCode(200)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'closeSession',
    summary: 'Closes a session',
    description:
      'When it is billable and no time refers to it yet, it leaves a draft of billable time: `remote`, of the minutes from its start to its end, with the summary as its description. The draft can be changed.',
  })
  @ApiBody({ type: CloseSessionBody, required: false })
  @ApiResponse({ status: 200, description: 'The session', type: bodiesOf(resourceOf(Session)).view })
  @ErrorsOf(404, 409)
  async close(
    @IdParam() id: string,
    @Body(new BodyPipe(CloseSessionBody, 'refused', true)) body: CloseSessionBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const session = await this.service.close(id, body);
    etag(reply, session);
    return session;
  }
}
