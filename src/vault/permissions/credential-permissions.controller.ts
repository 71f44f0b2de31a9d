import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { CredentialPermission } from './credential-permission.entity.js';
import { CredentialPermissionsService } from './credential-permissions.service.js';

@ApiController('credential-permissions')
export class CredentialPermissionsController extends ResourceController(CredentialPermission) {
  constructor(readonly service: CredentialPermissionsService) {
    super();
  }
}
