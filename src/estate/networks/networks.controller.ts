import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { ApiController } from '../../core/http/api-controller.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { IdParam, IdPipe } from '../../core/http/pipes/id.pipe.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { CountPipe } from '../../core/http/pipes/count.pipe.js';
import { Network } from './network.entity.js';
import { NetworksService } from './networks.service.js';

class NetworkOverlap {
  @ApiProperty({ type: () => [bodiesOf(resourceOf(Network)).view], description: 'The two of them' })
  networks!: Network[];
}
class NetworkOverlaps {
  @ApiProperty({ type: [NetworkOverlap] }) items!: NetworkOverlap[];
  @ApiProperty({ example: false, description: 'True when there are more than these 1,000 pairs' })
  truncated!: boolean;
}
class AvailableIps {
  @ApiProperty({ type: [String], example: ['10.20.0.2'] }) items!: string[];
}

@ApiController('networks')
export class NetworksController extends ResourceController(Network) {
  constructor(readonly service: NetworksService) {
    super();
  }

  @Get('overlaps')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listNetworkOverlaps',
    summary: 'Lists pairs of networks that overlap',
  })
  @ApiQuery({ name: 'client_id', required: true, schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({ status: 200, description: 'The pairs', type: NetworkOverlaps })
  overlaps(@Query('client_id', new IdPipe('client_id')) client_id: string) {
    return this.service.overlaps(client_id);
  }

  @Get(':id/available-ips')
  @RequireScope('msp:read')
  @ApiOperation({ operationId: 'listAvailableIps', summary: 'Lists the first free addresses of a network' })
  @ApiQuery({
    name: 'count',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 256, default: 10 },
  })
  @ApiResponse({ status: 200, description: 'Addresses', type: AvailableIps })
  @ErrorsOf(404)
  async availableIps(@IdParam() id: string, @Query('count', new CountPipe(10, 256)) count: number) {
    return { items: await this.service.availableIps(id, count) };
  }
}
