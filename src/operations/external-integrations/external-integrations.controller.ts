import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { ExternalIntegration } from './external-integration.entity.js';
import { ExternalIntegrationsService } from './external-integrations.service.js';

@ApiController('external-integrations')
export class ExternalIntegrationsController extends ResourceController(ExternalIntegration) {
  constructor(readonly service: ExternalIntegrationsService) {
    super();
  }
}
