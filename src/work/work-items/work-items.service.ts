import { Injectable } from '@nestjs/common';
import { now } from '../../core/database/values.js';
import { nextInOrder } from '../../core/resource/structure/siblings.js';
import { type Body, ResourceService } from '../../core/resource/resource.service.js';
import { WorkItem } from './work-item.entity.js';

@Injectable()
export class WorkItemsService extends ResourceService(WorkItem) {
  protected override async fill(row: WorkItem, before: WorkItem | undefined, body: Body): Promise<void> {
    if (row.status !== 'completed') row.completed_at = null;
    else if (before?.status !== 'completed' && body.completed_at !== null) row.completed_at ??= now();
    if (before?.session_id !== row.session_id && body.item_order === undefined)
      row.item_order = await nextInOrder(this.kit, this.spec, 'item_order', 'session_id', row);
  }

  /** What was done for a work item was done in its session: it stays there while anything says so. */
  protected override async check(row: WorkItem, before?: WorkItem): Promise<void> {
    if (!before || before.session_id === row.session_id) return;
    for (const { table, service } of this.kit.registry.referencesTo(WorkItem)) {
      if (!service?.spec.byName.has('session_id')) continue;
      const text = `SELECT id FROM ${table} WHERE work_item_id = ? LIMIT 1`;
      if ((await this.kit.units.sql.select(text, [row.id])).length > 0)
        throw this.conflict(
          'What was done for a work item keeps it in its session; take it from there first',
          row,
          'session_id',
        );
    }
  }
}
