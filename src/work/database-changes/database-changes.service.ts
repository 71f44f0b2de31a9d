import { Injectable } from '@nestjs/common';
import { redactFields } from '../../core/redaction/redact.js';
import { type Body, ResourceService } from '../../core/resource/resource.service.js';
import { requireOwnWorkItem } from '../sessions/session-detail.js';
import { DatabaseChange } from './database-change.entity.js';

@Injectable()
export class DatabaseChangesService extends ResourceService(DatabaseChange) {
  protected override prepare(body: Body): Promise<Body> {
    return redactFields(body, ['sql_executed']);
  }

  protected override async check(row: DatabaseChange, before?: DatabaseChange): Promise<void> {
    await requireOwnWorkItem(this.kit.units, row, before);
  }

  protected override nameOf({ change_type, database_name }: DatabaseChange): string {
    return `${change_type} ${database_name}`;
  }
}
