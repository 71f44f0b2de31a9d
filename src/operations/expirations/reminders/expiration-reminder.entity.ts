import { Moment, Text, Uuid, Whole } from '../../../core/table/field-decorators.js';
import { Stored } from '../../../core/table/stored.js';

/** A reminder that was given: each row of a source, of each date and day, has one at most. */
@Stored({ table: 'expiration_reminders', unique: [['kind', 'row_key', 'ends_at', 'days']] })
export class ExpirationReminder {
  @Uuid({ primary: true }) id!: string;
  @Text({ max: 40 }) kind!: string;
  @Uuid({ index: false }) row_key!: string;
  /** The date that it reminded of: another one is reminded of anew. */
  @Moment() ends_at!: string;
  /** How many days before, by `REMINDER_DAYS`. */
  @Whole({ index: false }) days!: number;
  /** Of the round that gave it: two processes that look at once know whose it is. */
  @Uuid({ index: false }) round_id!: string;
}
