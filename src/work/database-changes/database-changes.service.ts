import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { requireOwnWorkItem } from '../sessions/session-detail.js';
import { DatabaseChange } from './database-change.entity.js';

@Injectable()
export class DatabaseChangesService extends ResourceService(DatabaseChange) {
  protected override async check(row: DatabaseChange, before?: DatabaseChange): Promise<void> {
    await requireOwnWorkItem(this.kit.units, row, before);
  }

  protected override nameOf({ change_type, database_name }: DatabaseChange): string {
    return `${change_type} ${database_name}`;
  }
}
