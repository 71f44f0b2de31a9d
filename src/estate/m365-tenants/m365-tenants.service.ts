import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { M365Tenant } from './m365-tenant.entity.js';

@Injectable()
export class M365TenantsService extends ResourceService(M365Tenant) {}
