import { Get, Param, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { OneOfPipe } from '../../core/http/pipes/one-of.pipe.js';
import { DescribeListAs } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { DecisionLog, type Impact, IMPACTS } from './decision-log.entity.js';
import { DecisionLogsService } from './decision-logs.service.js';

@ApiController('decision-logs')
export class DecisionLogsController extends ResourceController(DecisionLog) {
  constructor(readonly service: DecisionLogsService) {
    super();
  }

  @Get('by-impact/:impact')
  @RequireScope('msp:read')
  @DescribeListAs(resourceOf(DecisionLog), 'listDecisionLogsByImpact', 'Lists decision logs by impact')
  @ApiParam({ name: 'impact', schema: { type: 'string', enum: [...IMPACTS] } })
  byImpact(@Param('impact', new OneOfPipe('impact', IMPACTS)) impact: Impact, @Query() query: RawQuery) {
    return this.service.byImpact(impact, query);
  }
}
