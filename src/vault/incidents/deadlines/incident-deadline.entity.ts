import { BelongsTo, Choice, Moment, Text, Uuid } from '../../../core/table/field-decorators.js';
import { Stored } from '../../../core/table/stored.js';
import { DEADLINES } from './deadline-templates.js';
import { SecurityIncident } from '../security-incident.entity.js';

/** By when somebody must have been notified, and when that was done. */
@Stored({ table: 'incident_deadlines', unique: [['incident_id', 'template']] })
export class IncidentDeadline {
  @Uuid({ primary: true, readOnly: true }) id!: string;
  @BelongsTo(() => SecurityIncident, { onDelete: 'CASCADE', readOnly: true, index: false })
  incident_id!: string;
  @Choice(DEADLINES.map(one => one.name), {
    optional: true,
    index: false,
    readOnly: true,
    description: 'The duty that it comes from; null when it was set by hand',
  })
  template!: string | null;
  @Text() label!: string;
  @Moment() due_at!: string;
  @Moment({ optional: true }) notified_at!: string | null;
  @Text({ max: 500, optional: true, description: 'The case number of the authority, or where the proof is' })
  reference!: string | null;
  @Moment({ index: false, readOnly: true }) created_at!: string;
}
