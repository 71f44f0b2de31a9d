import { Injectable } from '@nestjs/common';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { FailurePatternsService } from './failure-patterns.service.js';
import { OperationFailure } from './operation-failure.entity.js';

@Injectable()
export class OperationFailuresService extends ResourceService(OperationFailure) {
  constructor(private readonly patterns: FailurePatternsService) {
    super();
  }

  /** One after the other: each changes its pattern. */
  protected override createItem(body: Body): Promise<View<OperationFailure>> {
    return this.create(body);
  }

  protected override async check(row: OperationFailure, before?: OperationFailure): Promise<void> {
    if (!before) row.pattern_id = await this.patterns.count(row);
  }
}
