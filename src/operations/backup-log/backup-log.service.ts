import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { NOTHING } from '../../core/resource/restriction.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import type { Clause } from '../../core/table/clause.js';
import { BackupLogEntry } from './backup-log-entry.entity.js';

@Injectable()
export class BackupLogService extends ResourceService(BackupLogEntry) {
  /** Rows without a client are not for who sees some clients alone; these tell of the server besides. */
  protected override restrictions(): Clause[] {
    return currentActor().client_access === 'only' ? [NOTHING] : super.restrictions();
  }

  protected override check({ started_at, finished_at }: BackupLogEntry): void {
    if (started_at !== null && finished_at !== null && finished_at < started_at)
      throw ValidationError.of('finished_at', 'must not come before started_at', 'order');
  }
}
