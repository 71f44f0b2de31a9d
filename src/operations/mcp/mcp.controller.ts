import { Body, Controller, Delete, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChangesNothing } from '../../core/audit/audit-cover.js';
import { Relaying } from '../../core/http/access.decorators.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { JsonRpcMessage } from './json-rpc.body.js';
import { McpService } from './mcp.service.js';

/** The door of assistants: what a tool does, and what is recorded of it, is the route's that it calls. */
@ApiExcludeController()
@Controller('mcp')
export class McpController {
  constructor(private readonly service: McpService) {}

  @Post()
  @Relaying()
  @ChangesNothing()
  @OwnUnits()
  async post(
    @Req() request: FastifyRequest,
    @Body(new BodyPipe(JsonRpcMessage, 'ignored')) message: JsonRpcMessage,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer = await this.service.answer(request, message);
    void reply.status(answer.status).header('cache-control', 'no-store');
    const type = answer.headers.get('content-type');
    if (type !== null) void reply.header('content-type', type);
    await reply.send(await answer.text());
  }

  /** There are no sessions to listen to or to end. */
  @Get()
  @Relaying()
  get(@Res() reply: FastifyReply): void {
    void reply.status(405).header('allow', 'POST').send();
  }

  @Delete()
  @Relaying()
  @ChangesNothing()
  @OwnUnits()
  remove(@Res() reply: FastifyReply): void {
    void reply.status(405).header('allow', 'POST').send();
  }
}
