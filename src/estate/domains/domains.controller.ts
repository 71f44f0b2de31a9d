import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Domain } from './domain.entity.js';
import { DomainsService } from './domains.service.js';

@ApiController('domains')
export class DomainsController extends ResourceController(Domain) {
  constructor(readonly service: DomainsService) {
    super();
  }
}
