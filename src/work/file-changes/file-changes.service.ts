import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { requireOwnWorkItem } from '../sessions/session-detail.js';
import { FileChange } from './file-change.entity.js';

@Injectable()
export class FileChangesService extends ResourceService(FileChange) {
  protected override async check(row: FileChange, before?: FileChange): Promise<void> {
    await requireOwnWorkItem(this.kit.units, row, before);
  }

  protected override nameOf({ file_path }: FileChange): string {
    // The end of a path says more than its beginning.
    return file_path.slice(-200);
  }
}
