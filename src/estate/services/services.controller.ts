import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Service } from './service.entity.js';
import { ServicesService } from './services.service.js';

@ApiController('services')
export class ServicesController extends ResourceController(Service) {
  constructor(readonly service: ServicesService) {
    super();
  }
}
