import { sealsIn } from '../../core/crypto/sealed-places.js';
import type { SealedText } from '../../core/crypto/sealed-text.js';
import { BelongsTo, LongText, Moment, Uuid } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { Webhook } from './webhook.entity.js';

/** A secret that signs deliveries: the present one, and for a time the one before. */
@Stored({ table: 'webhook_secrets' })
export class WebhookSecret {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => Webhook, { onDelete: 'CASCADE' }) webhook_id!: string;
  @LongText() sealed!: SealedText;
  @Moment({ index: false }) created_at!: string;
  /** Null for the present one. */
  @Moment({ optional: true, index: false }) ends_at!: string | null;
}

export const placeOfSecret = (id: string) => ({
  table: 'webhook_secrets',
  row_id: id,
  field: 'sealed',
  version: 1,
});

sealsIn({
  table: 'webhook_secrets',
  column: 'sealed',
  needs: [],
  place: row => placeOfSecret(String(row.id)),
});
