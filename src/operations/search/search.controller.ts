import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ValidationError } from '../../core/context/errors.js';
import { isUuid } from '../../core/database/values.js';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { CountPipe } from '../../core/http/pipes/count.pipe.js';
import { OneOfPipe } from '../../core/http/pipes/one-of.pipe.js';
import { DescribeWords, WordsPipe } from '../../core/http/pipes/words.pipe.js';
import { DescribedTag } from '../../core/http/tags.js';
import { SearchAnswer } from './search.answers.js';
import { SearchService } from './search.service.js';

const ARCHIVED = ['false', 'true', 'any'] as const;
const LIMIT = new CountPipe(10, 100, { name: 'limit' });
const RESOURCES = new WordsPipe('resources');
const MOST = 200;

@DescribedTag('search', 'Finds rows of every resource by their names, hosts, addresses, titles and texts.')
@ApiController('search')
export class SearchController {
  constructor(private readonly service: SearchService) {}

  @Get()
  @RequireScope('msp:read', { across: true })
  @ApiOperation({
    operationId: 'search',
    summary: 'Finds rows of all resources that have every word',
    description:
      'A word is found by its beginning, also behind a dot, dash or slash: `web-01` finds `srv-web-01.acme.example`. ' +
      'Of several words, some may stand in the name of the client instead. Names that are what is asked for come first, ' +
      'then those that begin so. Only what the caller sees is found and counted.',
  })
  @ApiQuery({ name: 'q', required: true, schema: { type: 'string', minLength: 1, maxLength: MOST } })
  @DescribeWords('resources', 'Paths of resources, such as `sites,contacts`; all when absent')
  @ApiQuery({
    name: 'client_id',
    required: false,
    schema: { type: 'string', format: 'uuid' },
    description: 'The client, and what belongs to it; resources that belong to none are left out',
  })
  @ApiQuery({
    name: 'archived',
    required: false,
    schema: { type: 'string', enum: [...ARCHIVED], default: 'false' },
    description: 'Which rows are meant of resources that are archived',
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
    description: 'Rows of each resource',
  })
  @ApiResponse({ status: 200, description: 'What was found', type: SearchAnswer })
  @ErrorsOf(401, 403, 422)
  search(
    @Query('q') q: unknown,
    @Query('resources', RESOURCES) resources: string[] | undefined,
    @Query('client_id') client_id: unknown,
    @Query('archived', new OneOfPipe('archived', ARCHIVED)) archived: (typeof ARCHIVED)[number],
    @Query('limit', LIMIT) limit: number,
  ) {
    if (client_id !== undefined && !(typeof client_id === 'string' && isUuid(client_id)))
      throw ValidationError.of('client_id', 'must be a UUID', 'isUuid');
    return this.service.search({
      q: textOf(q),
      archived,
      limit,
      ...(resources && { resources }),
      ...(client_id !== undefined && { client_id: client_id.toLowerCase() }),
    });
  }
}

/** @throws ValidationError */
function textOf(q: unknown): string {
  if (q === undefined) throw ValidationError.of('q', 'is required', 'required');
  if (typeof q !== 'string' || q.trim() === '' || q.length > MOST)
    throw ValidationError.of('q', `must be one text of 1 to ${MOST} characters`, 'q');
  return q;
}
