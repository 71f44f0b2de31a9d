import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { now } from '../../core/database/values.js';
import { type Body, ResourceService } from '../../core/resource/resource.service.js';
import { BackupLogEntry } from './backup-log-entry.entity.js';

@Injectable()
export class BackupLogService extends ResourceService(BackupLogEntry) {
  protected override fill(row: BackupLogEntry, _before: BackupLogEntry | undefined, body: Body): void {
    if (body.verification === undefined) return;
    row.verified_at = row.verification === 'not_verified' ? null : now();
  }

  protected override check({ started_at, finished_at }: BackupLogEntry): void {
    if (started_at !== null && finished_at !== null && finished_at < started_at)
      throw ValidationError.of('finished_at', 'must not come before started_at', 'order');
  }
}
