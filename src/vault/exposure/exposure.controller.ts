import { applyDecorators, Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { SKIP_AND_LIMIT } from '../../core/resource/describe/describe-list.js';
import { sharedAs } from '../../core/http/shared-as.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { DemandBody, Demanded, ExposurePage } from './exposure.answers.js';
import { Exposures } from './exposure.service.js';

const rotatedSince = {
  name: 'rotated_since',
  required: false,
  schema: { type: 'boolean' },
  description: 'false: only what is still known',
  ...sharedAs('exposure.rotated_since'),
} as const;

function Lists(operationId: string, summary: string): MethodDecorator {
  return applyDecorators(
    Get(':id/exposure'),
    RequireScope('msp:admin'),
    ApiOperation({
      operationId,
      summary,
      description:
        'A person and a credential in each item, of the credentials that you see and that are not archived: who has ' +
        'revealed it, or written the present secret; of a client also strangers who have opened it by a link. One-time codes and older versions do not count.',
    }),
    ...[rotatedSince, ...SKIP_AND_LIMIT].map(one => ApiQuery(one)),
    ApiResponse({ status: 200, description: 'The newest credential first', type: ExposurePage }),
    ErrorsOf(401, 403, 404, 422, 503),
  );
}

function Demands(operationId: string, summary: string): MethodDecorator {
  return applyDecorators(
    Post(':id/exposure/demand-rotation'),
    HttpCode(200),
    RequireScope('msp:admin'),
    OwnUnits(),
    ApiOperation({
      operationId,
      summary,
      description:
        'Those show `needs_rotation` with the reason until they are rotated; it is a mark, also on private ones of others. ' +
        'Up to 1,000 in one call. Not by access tokens.',
    }),
    ApiBody({ type: DemandBody }),
    ApiResponse({ status: 200, description: 'How many', type: Demanded }),
    ErrorsOf(401, 403, 404, 422, 503),
  );
}

@ApiTags('clients')
@ApiController('clients')
export class ClientExposureController {
  constructor(private readonly exposures: Exposures) {}

  @Lists('getClientExposure', 'Lists who knows which secret of the client')
  list(@IdParam() id: string, @Query() raw: RawQuery) {
    return this.exposures.list({ of: 'client', id }, raw);
  }

  @Demands('demandRotationOfClient', 'Demands the rotation of every secret of the client that somebody knows')
  demand(@IdParam() id: string, @Body(new BodyPipe(DemandBody)) { reason }: DemandBody) {
    return this.exposures.demand({ of: 'client', id }, reason);
  }
}

@ApiTags('users')
@ApiController('users')
export class UserExposureController {
  constructor(private readonly exposures: Exposures) {}

  @Lists('getUserExposure', 'Lists which secrets the user knows')
  list(@IdParam() id: string, @Query() raw: RawQuery) {
    return this.exposures.list({ of: 'user', id }, raw);
  }

  @Demands('demandRotationOfUser', 'Demands the rotation of every secret that the user knows')
  demand(@IdParam() id: string, @Body(new BodyPipe(DemandBody)) { reason }: DemandBody) {
    return this.exposures.demand({ of: 'user', id }, reason);
  }
}
