import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PageFrame } from '../../core/resource/describe/answers.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from './webhook-delivery.entity.js';

const moment = () => ApiProperty({ type: 'string', format: 'date-time', nullable: true });
const whole = (description: string) => ApiProperty({ type: 'integer', nullable: true, description });

/** What became of one event for one webhook. */
export class WebhookDeliveryAnswer {
  @ApiProperty({ format: 'uuid', description: 'The header `Opskeep-Delivery`, the same with each attempt' })
  id!: string;
  @ApiProperty({ format: 'uuid' }) webhook_id!: string;
  @whole('The place in the trail; null for a test') seq!: number | null;
  @ApiProperty({ example: 'site.created' }) event!: string;
  @ApiProperty({ format: 'uuid' }) row_id!: string;
  @ApiProperty({
    enum: DELIVERY_STATUSES,
    description:
      'pending: it is sent, or sent again, at `next_attempt_at`; dead: given up after a day of failures; skipped: the ' +
      'user of the webhook may not see it any more',
  })
  status!: DeliveryStatus;
  @ApiProperty({ type: 'integer' }) attempts!: number;
  @whole('Of the last attempt, if it was answered') response_code!: number | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'How that answer began' })
  response!: string | null;
  @whole('How long that attempt took') duration_ms!: number | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed' }) failure!: string | null;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @moment() last_attempt_at!: string | null;
  @moment() next_attempt_at!: string | null;
}

export class WebhookDeliveryPage extends PageFrame {
  @ApiProperty({ type: [WebhookDeliveryAnswer] }) items!: WebhookDeliveryAnswer[];
}

export class RotatedSecret {
  @ApiPropertyOptional({ description: 'The secret that was made, shown this once' }) signing_secret?: string;
  @ApiProperty({ format: 'date-time', description: 'When the secret of before signs no more' })
  former_ends_at!: string;
}

export class ReplayAnswer {
  @ApiProperty({ type: 'integer', description: 'How many deliveries are sent, or sent again' })
  count!: number;
}
