import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { RateRule } from './rate-rule.entity.js';
import { RateRulesService } from './rate-rules.service.js';

@ApiController('rate-rules')
export class RateRulesController extends ResourceController(RateRule) {
  constructor(readonly service: RateRulesService) {
    super();
  }
}
