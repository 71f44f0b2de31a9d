import {
  BelongsTo,
  Choice,
  Flag,
  ListOf,
  LongText,
  Moment,
  Text,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity, via } from '../../core/resource/resource.js';
import { Session } from '../sessions/session.entity.js';

/** One piece of work within a session. */
@Resource({
  name: 'work_item',
  path: 'work-items',
  about: 'The pieces of work of a session, numbered in their order (`sort=item_order`).',
  client: via('session_id'),
  taggable: true,
  indexes: [['session_id', 'item_order']],
  customFields: true,
})
export class WorkItem extends ResourceEntity {
  @BelongsTo(() => Session, { onDelete: 'CASCADE', listBy: true }) session_id!: string;
  @Choice(
    [
      'infrastructure',
      'troubleshooting',
      'configuration',
      'development',
      'maintenance',
      'security',
      'documentation',
    ],
    { required: true },
  )
  category!: string;
  @Text({ max: 500, search: true }) title!: string;
  @LongText({ search: true }) description!: string;
  @Choice(['completed', 'in_progress', 'blocked', 'pending', 'deferred']) status!: string;
  @Choice(['critical', 'high', 'medium', 'low'], { optional: true }) priority!: string | null;
  @Flag({
    default: false,
    description: 'As whoever wrote it meant it; what is billed, billable time says',
  })
  is_billable!: boolean;
  @Whole({ optional: true }) estimated_minutes!: number | null;
  @Whole({ optional: true }) actual_minutes!: number | null;
  @ListOf('text', { optional: true }) affected_systems!: string[] | null;
  @ListOf('text', { optional: true }) technologies_used!: string[] | null;
  @Whole({ min: 1, assigned: true, description: 'Behind the last one of the session when absent' })
  item_order!: number;
  @Moment({
    optional: true,
    description: 'When absent, the moment at which its status became completed; null for any other status',
  })
  completed_at!: string | null;
}
