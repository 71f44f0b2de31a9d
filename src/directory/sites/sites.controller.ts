import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Site } from './site.entity.js';
import { SitesService } from './sites.service.js';

@ApiController('sites')
export class SitesController extends ResourceController(Site) {
  constructor(readonly service: SitesService) {
    super();
  }
}
