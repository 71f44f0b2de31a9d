import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { ApiController } from '../../core/http/api-controller.js';
import { CountPipe } from '../../core/http/pipes/count.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { Impact } from './impact.answers.js';
import { ImpactService } from './impact.service.js';

@ApiTags('services')
@ApiController('services')
export class ImpactController {
  constructor(private readonly impact: ImpactService) {}

  @Get(':id/impact')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getServiceImpact',
    summary: 'Lists everything that depends on a service, directly or not',
    description:
      'By relationships of every type but `monitors`. The paths also lead through services that the caller does not ' +
      'see, which are neither named nor counted.',
  })
  @ApiQuery({
    name: 'skip',
    required: false,
    schema: { type: 'integer', minimum: 0, maximum: 100_000, default: 0 },
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  })
  @ApiResponse({ status: 200, description: 'A page, nearest first', type: Impact })
  @ErrorsOf(404)
  of(
    @IdParam() id: string,
    @Query('skip', new CountPipe(0, 100_000, { name: 'skip', least: 0 })) skip: number,
    @Query('limit', new CountPipe(100, 1000, { name: 'limit' })) limit: number,
  ) {
    return this.impact.of(id, skip, limit);
  }
}
