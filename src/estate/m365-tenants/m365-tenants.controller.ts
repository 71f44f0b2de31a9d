import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { M365Tenant } from './m365-tenant.entity.js';
import { M365TenantsService } from './m365-tenants.service.js';

@ApiController('m365-tenants')
export class M365TenantsController extends ResourceController(M365Tenant) {
  constructor(readonly service: M365TenantsService) {
    super();
  }
}
