import { Get, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { DescribeListAs } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { EnvironmentalInsight } from './environmental-insight.entity.js';
import { EnvironmentalInsightsService } from './environmental-insights.service.js';

@ApiController('environmental-insights')
export class EnvironmentalInsightsController extends ResourceController(EnvironmentalInsight) {
  constructor(readonly service: EnvironmentalInsightsService) {
    super();
  }

  @Get('for/:infrastructure_id')
  @RequireScope('msp:read')
  @DescribeListAs(
    resourceOf(EnvironmentalInsight),
    'listEnvironmentalInsightsForInfrastructure',
    'Lists what to know of an infrastructure item: its own insights and those of all of its client, the most important first',
  )
  @ApiParam({ name: 'infrastructure_id', schema: { type: 'string', format: 'uuid' } })
  @ErrorsOf(404)
  for(@IdParam('infrastructure_id') id: string, @Query() query: RawQuery) {
    return this.service.for(id, query);
  }
}
