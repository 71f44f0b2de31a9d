import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { DescribedTag } from '../../core/http/tags.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { MemoryEventResults, MemoryIndex } from './event.answers.js';
import { MemoryEventsBody } from './event.bodies.js';
import { IndexQuery, IndexQueryPipe } from './memory-index.bodies.js';
import { MemoryEventsService } from './memory-events.service.js';
import { MemoryIndexService } from './memory-index.service.js';

/** What a client on a user's machine asks of the memory. */
@DescribedTag('memory', 'What conversations bring to the memory, and what they begin with.')
@ApiController('memory')
export class MemoryController {
  constructor(
    private readonly events: MemoryEventsService,
    private readonly index: MemoryIndexService,
  ) {}

  @Post('events')
  @OwnUnits()
  @HttpCode(200)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'takeMemoryEvents',
    summary: 'Takes what happened in conversations: each event once, and each by itself',
    description:
      'Turns and what tools did become conversation turns; how a conversation stopped becomes a turn, too, and the summary ' +
      'of the conversation, as its compaction does; checkpoints become contexts, notes snippets. A project that is not ' +
      'known is registered. Secrets are masked, and what was recalled into a text is left out, before anything is stored.',
  })
  @ApiBody({ type: MemoryEventsBody })
  @ApiResponse({ status: 200, description: 'What became of each', type: MemoryEventResults })
  @ErrorsOf(422)
  take(@Body(new BodyPipe(MemoryEventsBody)) body: MemoryEventsBody) {
    return this.events.take(body.events);
  }

  @Get('index')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getMemoryIndex',
    summary: 'Tells what a conversation about a project begins with, inside a budget of tokens',
  })
  @ApiQuery({ name: 'remote', required: false, schema: { type: 'string' }, description: 'A git remote' })
  @ApiQuery({
    name: 'name',
    required: false,
    schema: { type: 'string' },
    description: 'Of a project without a remote',
  })
  @ApiQuery({
    name: 'max_tokens',
    required: false,
    schema: { type: 'integer', minimum: 50, maximum: 20_000, default: 1000 },
    description: 'Of `markdown`, as an estimate',
  })
  @ApiResponse({ status: 200, description: 'Empty for a project that is not known', type: MemoryIndex })
  @ErrorsOf(422)
  get(@Query(new IndexQueryPipe()) query: IndexQuery) {
    return this.index.of(query);
  }
}
