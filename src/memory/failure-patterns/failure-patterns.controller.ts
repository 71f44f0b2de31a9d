import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { FailurePattern } from './failure-pattern.entity.js';
import { FailurePatternsService } from './failure-patterns.service.js';

@ApiController('failure-patterns')
export class FailurePatternsController extends ResourceController(FailurePattern) {
  constructor(readonly service: FailurePatternsService) {
    super();
  }
}
