import { Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { Compressed } from '../../core/http/compression.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { CountPipe } from '../../core/http/pipes/count.pipe.js';
import { DescribeWords, WordsPipe } from '../../core/http/pipes/words.pipe.js';
import { DescribedTag } from '../../core/http/tags.js';
import { ChangesAnswer } from './change.answers.js';
import { ChangesService } from './changes.service.js';

const whole = (name: string, schema: object, description: string) =>
  ApiQuery({
    name,
    required: false,
    description,
    schema: { type: 'integer', minimum: 0, ...schema },
  } as never);

const NUMBERS = {
  after: new CountPipe(0, Number.MAX_SAFE_INTEGER, { name: 'after', least: 0 }),
  limit: new CountPipe(100, 1000, { name: 'limit' }),
  wait: new CountPipe(0, 30, { name: 'wait', least: 0 }),
};
const RESOURCES = new WordsPipe('resources');

@DescribedTag(
  'changes',
  'What became of rows, in the order in which it happened, for programs that keep a copy.',
)
@ApiController('changes')
export class ChangesController {
  constructor(private readonly service: ChangesService) {}

  @Get()
  @Compressed()
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listChanges',
    summary: 'Returns what was created, changed and deleted, behind a place in the trail',
    description:
      'Ask with the `after` of the answer, and at the `head` with `wait`: whoever goes on so holds what the lists show, ' +
      'about a second later. Rows of one resource come in the order of their versions.',
  })
  @whole('after', { default: 0 }, 'The place behind which is read')
  @whole('limit', { default: 100, minimum: 1, maximum: 1000 }, 'How many changes at most')
  @whole('wait', { default: 0, maximum: 30 }, 'Seconds that the answer may wait until there is a change')
  @DescribeWords('resources', 'Paths of resources, such as `sites,contacts`; all when absent')
  @ApiResponse({ status: 200, description: 'The changes', type: ChangesAnswer })
  @ErrorsOf(401, 403, 409, 422)
  async list(
    @Query('after', NUMBERS.after) after: number,
    @Query('limit', NUMBERS.limit) limit: number,
    @Query('wait', NUMBERS.wait) seconds: number,
    @Query('resources', RESOURCES) resources: string[] | undefined,
    @Req() request: FastifyRequest,
  ) {
    const asked = { after, limit, wait: seconds * 1000, ...(resources && { resources }) };
    const gone = new AbortController();
    const leave = () => gone.abort();
    if (seconds > 0) request.raw.socket.once('close', leave);
    try {
      return await this.service.read(asked, gone.signal);
    } finally {
      request.raw.socket.off('close', leave);
    }
  }
}
