import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Credential } from './credential.entity.js';
import { CredentialsService } from './credentials.service.js';

@ApiController('credentials')
export class CredentialsController extends ResourceController(Credential) {
  constructor(readonly service: CredentialsService) {
    super();
  }
}
