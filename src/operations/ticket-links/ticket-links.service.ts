import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import { WorkItem } from '../../work/work-items/work-item.entity.js';
import { WorkItemsService } from '../../work/work-items/work-items.service.js';
import { TicketLink } from './ticket-link.entity.js';

@Injectable()
export class TicketLinksService extends ResourceService(TicketLink) {
  constructor(private readonly workItems: WorkItemsService) {
    super();
  }

  protected override async fill(row: TicketLink): Promise<void> {
    if (row.session_id === null) row.session_id = await this.sessionOf(row);
  }

  protected override async check(row: TicketLink): Promise<void> {
    if (row.session_id === null && row.client_id === null)
      throw ValidationError.of('session_id', 'give session_id, work_item_id or client_id', 'required');
    const session = await this.sessionOf(row);
    if (session !== null && session !== row.session_id)
      throw ValidationError.of('work_item_id', 'belongs to another session', 'session');
  }

  private async sessionOf({ work_item_id }: TicketLink): Promise<string | null> {
    if (work_item_id === null || !(await this.workItems.reference(work_item_id))) return null;
    return (await this.kit.rows.findOne(WorkItem, { id: work_item_id }))?.session_id ?? null;
  }
}
