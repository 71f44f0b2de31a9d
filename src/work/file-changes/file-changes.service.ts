import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { requireOwnWorkItem } from '../sessions/session-detail.js';
import { FileChange } from './file-change.entity.js';

@Injectable()
export class FileChangesService extends ResourceService(FileChange) {
  protected override async check(row: FileChange, before?: FileChange): Promise<void> {
    await requireOwnWorkItem(this.kit.units, row, before);
  }
}
