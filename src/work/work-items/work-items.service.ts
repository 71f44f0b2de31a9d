import { Injectable } from '@nestjs/common';
import { now } from '../../core/database/values.js';
import { nextInOrder } from '../../core/resource/order.js';
import { type Body, ResourceService } from '../../core/resource/resource.service.js';
import { WorkItem } from './work-item.entity.js';

@Injectable()
export class WorkItemsService extends ResourceService(WorkItem) {
  protected override async fill(row: WorkItem, before: WorkItem | undefined, body: Body): Promise<void> {
    if (row.status !== 'completed') row.completed_at = null;
    else row.completed_at ??= now();
    if (before?.session_id !== row.session_id && body.item_order === undefined)
      row.item_order = await nextInOrder(this.kit, this.spec, 'item_order', 'session_id', row);
  }
}
