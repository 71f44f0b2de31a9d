import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { InfrastructureChange } from './infrastructure-change.entity.js';
import { InfrastructureChangesService } from './infrastructure-changes.service.js';

@ApiController('infrastructure-changes')
export class InfrastructureChangesController extends ResourceController(InfrastructureChange) {
  constructor(readonly service: InfrastructureChangesService) {
    super();
  }
}
