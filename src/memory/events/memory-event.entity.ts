import { User } from '../../core/access/user.entity.js';
import { BelongsTo, Moment, Text, Uuid } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';

/**
 * An event that was taken: its key is there once for each user, for good, so that what is sent twice, today or in a year,
 * is stored once. What it became is named without a foreign key: a row that somebody has deleted does not come back.
 */
@Stored({ table: 'memory_events', unique: [['user_id', 'event_key']] })
export class MemoryEvent {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => User, { onDelete: 'CASCADE', index: false }) user_id!: string;
  @Text({ max: 128 }) event_key!: string;
  @Uuid({ optional: true }) project_id!: string | null;
  /** The name of the resource of the row; null while the unit that takes the event has not come to its end. */
  @Text({ max: 60, optional: true }) resource!: string | null;
  @Uuid({ optional: true }) row_id!: string | null;
  @Moment({ index: false }) created_at!: string;
}
