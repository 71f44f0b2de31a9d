import { Get } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { OverviewOfResource } from '../../core/resource/describe/overview.answers.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Client } from './client.entity.js';
import { ClientsService } from './clients.service.js';

class ClientOverview {
  @ApiProperty({ type: [OverviewOfResource], description: 'Of every resource whose rows have a client' })
  resources!: OverviewOfResource[];
}

@ApiController('clients')
export class ClientsController extends ResourceController(Client) {
  constructor(readonly service: ClientsService) {
    super();
  }

  @Get(':id/overview')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getClientOverview',
    summary: 'Counts what belongs to a client and shows the newest of it',
    description: 'As far as the caller sees it; archived rows are left out.',
  })
  @ApiResponse({ status: 200, description: 'The overview', type: ClientOverview })
  @ErrorsOf(404)
  overview(@IdParam() id: string) {
    return this.service.overview(id);
  }
}
