import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { requireOwnWorkItem } from '../sessions/session-detail.js';
import { Deployment } from './deployment.entity.js';

@Injectable()
export class DeploymentsService extends ResourceService(Deployment) {
  protected override async check(row: Deployment, before?: Deployment): Promise<void> {
    await requireOwnWorkItem(this.kit.units, row, before);
  }

  protected override nameOf({ deployment_type, version_label }: Deployment): string {
    return [deployment_type, version_label ?? []].flat().join(' ');
  }
}
