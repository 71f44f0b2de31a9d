import { Body, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChangesNothing } from '../../core/audit/audit-cover.js';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { Recall } from './recall.answers.js';
import { RecallBody } from './recall.bodies.js';
import { RecallQueryPipe } from './recall-query.pipe.js';
import { RecallService } from './recall.service.js';

const SUMMARY = 'Recalls what is known about a question, inside a budget of tokens';
const DESCRIPTION =
  'Searches contexts, snippets, decisions, project states, problem solutions and conversation turns together, and ranks ' +
  'them in the same way on both databases. What does not reach the least score is left out: an empty answer says that ' +
  'nothing is known. What is superseded or expired sinks, and is labelled.';

/** The memory by relevance. */
@ApiTags('conversation contexts')
@ApiController('conversation-contexts')
export class RecallController {
  constructor(private readonly service: RecallService) {}

  @Get('recall')
  @RequireScope('msp:read')
  @ApiOperation({ operationId: 'recall', summary: SUMMARY, description: DESCRIPTION })
  @ApiQuery({
    name: 'query',
    description: 'In plain words; `search_term` is the same',
    schema: { type: 'string' },
  })
  @ApiResponse({ status: 200, description: 'The best first', type: Recall })
  @ErrorsOf(422)
  async get(@Query(new RecallQueryPipe()) body: RecallBody, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer(body, reply);
  }

  @Post('recall')
  @ChangesNothing()
  @OwnUnits()
  @HttpCode(200)
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'recallByBody',
    summary: `${SUMMARY}: for long questions`,
    description: DESCRIPTION,
  })
  @ApiBody({ type: RecallBody })
  @ApiResponse({ status: 200, description: 'The best first', type: Recall })
  @ErrorsOf(422)
  async post(
    @Body(new BodyPipe(RecallBody)) body: RecallBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer(body, reply);
  }

  private async answer(body: RecallBody, reply: FastifyReply): Promise<Recall | string> {
    const recall = await this.service.recall(body);
    if (body.format !== 'markdown') return recall;
    void reply.type('text/markdown; charset=utf-8');
    return recall.markdown;
  }
}
