import {
  BelongsTo,
  Choice,
  Flag,
  ListOf,
  LongText,
  Moment,
  Text,
  Uuid,
} from '../../../core/table/field-decorators.js';
import { Stored } from '../../../core/table/stored.js';
import { SecurityIncident } from '../security-incident.entity.js';

/** What people write. */
export const WRITTEN_KINDS = ['note', 'finding', 'action', 'communication'] as const;
/** What the system writes of its own accord. */
const SYSTEM_KINDS = ['detection', 'status', 'reopened'] as const;
const TIMELINE_KINDS = [...WRITTEN_KINDS, ...SYSTEM_KINDS] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** One line of what happened; there is no way to change or to remove it alone. */
@Stored({ table: 'incident_timeline' })
export class IncidentTimelineEntry {
  @Uuid({ primary: true, readOnly: true }) id!: string;
  @BelongsTo(() => SecurityIncident, { onDelete: 'CASCADE', readOnly: true }) incident_id!: string;
  @Moment({ description: 'When it happened' }) at!: string;
  @Choice(TIMELINE_KINDS) kind!: TimelineKind;
  @LongText() text!: string;
  @Flag({ default: false, description: 'Stands in the report to the client' }) client_visible!: boolean;
  @Uuid({ optional: true, readOnly: true, description: 'The user; null for the system' })
  actor_id!: string | null;
  @Text({ readOnly: true, description: 'Email of the user, or the name of the job, at that time' })
  actor!: string;
  @ListOf('uuid', { optional: true, readOnly: true, max: 1000, description: 'Audit entries that prove it' })
  journal_ids!: string[] | null;
  @Moment({ index: false, readOnly: true, description: 'When it was written' }) created_at!: string;
}
