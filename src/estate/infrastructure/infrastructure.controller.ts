import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { ApiController } from '../../core/http/api-controller.js';
import { DescribeListAs } from '../../core/resource/describe/describe-list.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { InfrastructureOverview } from './infrastructure.answers.js';
import { Infrastructure } from './infrastructure.entity.js';
import { InfrastructureService } from './infrastructure.service.js';

@ApiController('infrastructure')
export class InfrastructureController extends ResourceController(Infrastructure) {
  constructor(readonly service: InfrastructureService) {
    super();
  }

  @Get(':id/dependents')
  @RequireScope('msp:read')
  @DescribeListAs(
    resourceOf(Infrastructure),
    'listInfrastructureDependents',
    'Lists everything that an infrastructure item hosts, directly or not',
  )
  @ErrorsOf(404)
  dependents(@IdParam() id: string, @Query() query: RawQuery) {
    return this.service.dependents(id, query);
  }

  @Get(':id/overview')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getInfrastructureOverview',
    summary: 'Shows what runs on an infrastructure item, who can log in, what was changed and what fails',
    description: 'As far as the caller sees it; archived rows are left out.',
  })
  @ApiResponse({ status: 200, description: 'The overview', type: InfrastructureOverview })
  @ErrorsOf(404)
  overview(@IdParam() id: string) {
    return this.service.overview(id);
  }
}
