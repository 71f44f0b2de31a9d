import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { DatabaseChange } from './database-change.entity.js';
import { DatabaseChangesService } from './database-changes.service.js';

@ApiController('database-changes')
export class DatabaseChangesController extends ResourceController(DatabaseChange) {
  constructor(readonly service: DatabaseChangesService) {
    super();
  }
}
