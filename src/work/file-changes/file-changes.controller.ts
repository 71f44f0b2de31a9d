import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { FileChange } from './file-change.entity.js';
import { FileChangesService } from './file-changes.service.js';

@ApiController('file-changes')
export class FileChangesController extends ResourceController(FileChange) {
  constructor(readonly service: FileChangesService) {
    super();
  }
}
