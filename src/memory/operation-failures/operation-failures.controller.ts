import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { OperationFailure } from './operation-failure.entity.js';
import { OperationFailuresService } from './operation-failures.service.js';

@ApiController('operation-failures')
export class OperationFailuresController extends ResourceController(OperationFailure) {
  constructor(readonly service: OperationFailuresService) {
    super();
  }
}
