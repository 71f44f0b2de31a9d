import { Injectable } from '@nestjs/common';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { overviewOf, type ResourceOverview } from '../../core/resource/overviews.js';
import type { OverviewPart } from '../../core/resource/resource.js';
import type { Page } from '../../core/resource/lists/page.js';
import { ResourceService, type View } from '../../core/resource/resource.service.js';
import { below, isAtOrAbove } from '../../core/resource/structure/tree.js';
import { Infrastructure } from './infrastructure.entity.js';

const HOSTS = { table: 'infrastructure', parent: 'parent_host_id' };

@Injectable()
export class InfrastructureService extends ResourceService(Infrastructure) {
  /** Everything that is hosted on it, directly or not. */
  async dependents(id: string, query: RawQuery): Promise<Page<View<Infrastructure>>> {
    await this.find(id);
    return this.list(query, below(HOSTS, id));
  }

  /** What runs on it, who can log in, what was changed last, and what is known to fail on it, as the actor sees it. */
  async overview(id: string): Promise<Record<OverviewPart, ResourceOverview[]>> {
    await this.find(id);
    const all = await overviewOf(this.kit, Infrastructure, id);
    const of = (part: OverviewPart) => all.filter(one => one.part === part);
    return {
      runs: of('runs'),
      access: of('access'),
      changes: of('changes'),
      problems: of('problems'),
      more: of('more'),
    };
  }

  protected override async check(row: Infrastructure, before?: Infrastructure): Promise<void> {
    const host = row.parent_host_id;
    if (!before || !host || host === before.parent_host_id) return;
    if (await isAtOrAbove(this.kit.units, HOSTS, row.id, host))
      throw this.conflict('Infrastructure cannot be hosted on itself', row, 'parent_host_id');
  }
}
