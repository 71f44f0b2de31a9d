import { Injectable } from '@nestjs/common';
import type { RawQuery } from '../../core/resource/lists/list-query.js';
import type { Page } from '../../core/resource/lists/page.js';
import { ResourceService, type View } from '../../core/resource/resource.service.js';
import { below, isAtOrAbove } from '../../core/resource/tree.js';
import { Infrastructure } from './infrastructure.entity.js';

const HOSTS = { table: 'infrastructure', parent: 'parent_host_id' };

@Injectable()
export class InfrastructureService extends ResourceService(Infrastructure) {
  /** Everything that is hosted on it, directly or not. */
  async dependents(id: string, query: RawQuery): Promise<Page<View<Infrastructure>>> {
    await this.find(id);
    return this.list(query, below(HOSTS, id));
  }

  protected override async check(row: Infrastructure, before?: Infrastructure): Promise<void> {
    const host = row.parent_host_id;
    if (!before || !host || host === before.parent_host_id) return;
    if (await isAtOrAbove(this.kit.units, HOSTS, row.id, host))
      throw this.conflict('Infrastructure cannot be hosted on itself', row, 'parent_host_id');
  }
}
