import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { ServiceRelationship } from './service-relationship.entity.js';
import { ServiceRelationshipsService } from './service-relationships.service.js';

@ApiController('service-relationships')
export class ServiceRelationshipsController extends ResourceController(ServiceRelationship) {
  constructor(readonly service: ServiceRelationshipsService) {
    super();
  }
}
