import { ApiController } from '../../core/resource/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Infrastructure } from './infrastructure.entity.js';
import { InfrastructureService } from './infrastructure.service.js';

@ApiController('infrastructure')
export class InfrastructureController extends ResourceController(Infrastructure) {
  constructor(readonly service: InfrastructureService) {
    super();
  }
}
