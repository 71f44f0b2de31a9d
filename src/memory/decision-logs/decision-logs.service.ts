import { Injectable } from '@nestjs/common';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Page } from '../../core/resource/lists/page.js';
import { ResourceService, type View } from '../../core/resource/resource.service.js';
import { isAtOrAbove } from '../../core/resource/structure/tree.js';
import { DecisionLog, type Impact } from './decision-log.entity.js';

const OLDER = { table: 'decision_logs', parent: 'supersedes_id' };

@Injectable()
export class DecisionLogsService extends ResourceService(DecisionLog) {
  byImpact(impact: Impact, query: RawQuery): Promise<Page<View<DecisionLog>>> {
    return this.list(query, { sql: 'decision_logs.impact = ?', values: [impact] });
  }

  protected override async check(row: DecisionLog, before?: DecisionLog): Promise<void> {
    const id = row.supersedes_id;
    if (!id || id === before?.supersedes_id) return;
    if (before && (await isAtOrAbove(this.kit.units, OLDER, row.id, id)))
      throw this.conflict('DecisionLog cannot supersede itself', row, 'supersedes_id');
    const older = await this.find(id, true);
    if (older.status !== 'superseded') await this.change(older, { status: 'superseded' }, 'supersede');
  }
}
