import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Deployment } from './deployment.entity.js';
import { DeploymentsService } from './deployments.service.js';

@ApiController('deployments')
export class DeploymentsController extends ResourceController(Deployment) {
  constructor(readonly service: DeploymentsService) {
    super();
  }
}
