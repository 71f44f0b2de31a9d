import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { IntegrationCredential } from './integration-credential.entity.js';
import { IntegrationCredentialsService } from './integration-credentials.service.js';

@ApiController('integration-credentials')
export class IntegrationCredentialsController extends ResourceController(IntegrationCredential) {
  constructor(readonly service: IntegrationCredentialsService) {
    super();
  }
}
