import { applyDecorators, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, type ApiQueryOptions, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { sharedAs } from '../../core/http/shared-as.js';
import { SKIP_AND_LIMIT } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { CredentialHealthPage, HEALTH_REASONS } from './health.answers.js';
import { CredentialHealth } from './credential-health.service.js';

const Paged = () => applyDecorators(...SKIP_AND_LIMIT.map(one => ApiQuery(one)));

@ApiTags('credentials')
@ApiController('credentials')
export class CredentialHealthController {
  constructor(private readonly health: CredentialHealth) {}

  @Get('health')
  @RequireScope('msp:read')
  @Paged()
  @ApiOperation({
    operationId: 'getCredentialHealth',
    summary: 'Lists credentials that want care, with each reason',
    description:
      'Of those that you may reveal without a further demand: `expired`; `seen_by_leaver` (somebody who is disabled or ' +
      'gone has revealed or written the present secret); `reused` (the same secret in another credential, by blind ' +
      'index); `weak` (zxcvbn up to 2); `old` (due by `rotate_every_days`, or without it 365 days); `never_rotated` (for ' +
      '90 days). The question stands on the trail.',
  })
  @ApiQuery({
    name: 'reason',
    required: false,
    isArray: true,
    enum: HEALTH_REASONS,
    description: 'Any of these',
  })
  @ApiQuery({
    name: 'client_id',
    required: false,
    schema: { type: 'string', format: 'uuid' },
    description: 'Of this client alone',
    ...sharedAs('of.client_id'),
  } as ApiQueryOptions)
  @ApiResponse({ status: 200, description: 'The newest credential first', type: CredentialHealthPage })
  @ErrorsOf(401, 403, 422, 503)
  read(@Query() query: RawQuery) {
    return this.health.report(query);
  }
}
