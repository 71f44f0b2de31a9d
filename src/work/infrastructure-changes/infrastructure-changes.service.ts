import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { requireOwnWorkItem } from '../sessions/session-detail.js';
import { InfrastructureChange } from './infrastructure-change.entity.js';

@Injectable()
export class InfrastructureChangesService extends ResourceService(InfrastructureChange) {
  protected override async check(row: InfrastructureChange, before?: InfrastructureChange): Promise<void> {
    await requireOwnWorkItem(this.kit.units, row, before);
  }

  protected override nameOf({ change_type, target_system }: InfrastructureChange): string {
    return [change_type, target_system ?? []].flat().join(' ');
  }
}
