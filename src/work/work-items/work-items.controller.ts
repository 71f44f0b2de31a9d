import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { WorkItem } from './work-item.entity.js';
import { WorkItemsService } from './work-items.service.js';

@ApiController('work-items')
export class WorkItemsController extends ResourceController(WorkItem) {
  constructor(readonly service: WorkItemsService) {
    super();
  }
}
