import {
  BelongsTo,
  Big,
  Choice,
  field,
  LongText,
  Moment,
  Text,
  Uuid,
  Whole,
} from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { Webhook } from './webhook.entity.js';

/**
 * `pending` is sent, or sent again, when its time has come. `dead` has failed for a day, and `skipped` tells of what the
 * user of the webhook may not see any more: both are sent again by a replay alone.
 */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead', 'skipped'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const Numbered = () => field({ kind: 'big' }, [], { type: 'integer' }, { primary: true, generated: true });

/** One event for one webhook. What is sent is made from the journal when it is sent: no copy of a row stands here. */
@Stored({
  table: 'webhook_deliveries',
  unique: [['webhook_id', 'seq']],
  indexes: [
    ['webhook_id', 'created_at', 'n'],
    ['webhook_id', 'status', 'row_id', 'seq'],
    ['webhook_id', 'status', 'next_attempt_at'],
    ['status', 'created_at'],
  ],
})
export class WebhookDelivery {
  @Numbered() n!: number;
  @Uuid({ unique: true }) id!: string;
  @BelongsTo(() => Webhook, { onDelete: 'CASCADE', index: false }) webhook_id!: string;
  /** Its place in the trail; null for a test. */
  @Big({ optional: true, index: false }) seq!: number | null;
  @Text({ max: 120 }) event!: string;
  /** Of the row, and, for a test, of the delivery itself. */
  @Uuid({ index: false }) row_id!: string;
  @Choice(DELIVERY_STATUSES, { index: false }) status!: DeliveryStatus;
  @Whole({ index: false }) attempts!: number;
  @Whole({ optional: true, index: false }) response_code!: number | null;
  @LongText({ optional: true, max: 1_000 }) response!: string | null;
  @Whole({ optional: true, index: false }) duration_ms!: number | null;
  @Text({ optional: true, max: 200 }) failure!: string | null;
  @Moment({ index: false }) created_at!: string;
  @Moment({ optional: true, index: false }) last_attempt_at!: string | null;
  @Moment({ index: false }) next_attempt_at!: string;
}
