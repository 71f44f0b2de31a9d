import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { FailurePatternsService } from '../failure-patterns/failure-patterns.service.js';
import { OperationFailure } from './operation-failure.entity.js';

@Injectable()
export class OperationFailuresService extends ResourceService(OperationFailure) {
  constructor(private readonly patterns: FailurePatternsService) {
    super();
  }

  /** One after the other: each changes its pattern. */
  protected override get isStoredTogether(): boolean {
    return false;
  }

  /** Patterns are of one client: at another one the failure is of none. */
  protected override atClient(client_id: string | null): Partial<OperationFailure> {
    return { client_id, pattern_id: null };
  }

  protected override fill(row: OperationFailure, before?: OperationFailure): void {
    if (before && before.client_id !== row.client_id) row.pattern_id = null;
  }

  protected override async check(row: OperationFailure, before?: OperationFailure): Promise<void> {
    if (!before || before.client_id !== row.client_id) row.pattern_id = await this.patterns.count(row);
  }
}
