import { BelongsTo, Choice, MayBelongTo, Text, Url } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Session } from '../../work/sessions/session.entity.js';
import { WorkItem } from '../../work/work-items/work-item.entity.js';
import { SYSTEMS } from '../systems.js';

/** A ticket of another system that some work belongs to. */
@Resource({
  name: 'ticket_link',
  path: 'ticket-links',
  about: 'Tickets of other systems, with the work that belongs to them.',
  client: 'self',
  inheritsClient: true,
  redacts: ['title', 'url'],
  writing:
    'One of `session_id`, `work_item_id` and `client_id` is needed; the session of a work item is filled in. A ticket is ' +
    'linked to a session once, and to a client alone once.',
})
export class TicketLink extends ResourceEntity {
  @BelongsTo(() => Session, {
    onDelete: 'CASCADE',
    optional: true,
    listBy: true,
    description: 'That of the work item when absent',
  })
  session_id!: string | null;
  @MayBelongTo(() => WorkItem) work_item_id!: string | null;
  @MayBelongTo(() => Client) client_id!: string | null;
  @Choice(SYSTEMS, { required: true }) system!: string;
  @Text({
    uniqueWithin: ['system', 'session_id', 'client_id'],
    search: true,
    description: 'As the other system knows it',
  })
  external_ticket_id!: string;
  @Text({ max: 100, optional: true, index: true, search: true }) ticket_number!: string | null;
  @Text({ max: 500, optional: true, search: true }) title!: string | null;
  @Text({ max: 100, optional: true, index: true, description: 'In the words of the other system' })
  status!: string | null;
  @Url({ optional: true }) url!: string | null;
  @Choice(['related', 'resolves', 'documents']) link_type!: string;
}
