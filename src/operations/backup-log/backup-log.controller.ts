import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { BackupLogEntry } from './backup-log-entry.entity.js';
import { BackupLogService } from './backup-log.service.js';

@ApiController('backup-log')
export class BackupLogController extends ResourceController(BackupLogEntry) {
  constructor(readonly service: BackupLogService) {
    super();
  }
}
