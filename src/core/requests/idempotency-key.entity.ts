import type { SealedText } from '../crypto/sealed-text.js';
import { LongText, Moment, Text, Whole } from '../table/field-decorators.js';
import { Stored } from '../table/stored.js';

/** An answer that is given again for the same Idempotency-Key; sealed, because answers may hold secrets. */
@Stored({ table: 'idempotency_keys' })
export class IdempotencyKey {
  /** HMAC-SHA256 of actor, route and key, in hex. */
  @Text({ max: 64, primary: true }) id!: string;
  /** HMAC-SHA256 of the body, in hex. */
  @Text({ max: 64 }) body_mac!: string;
  @Whole({ index: false }) status!: number;
  @LongText() answer!: SealedText;
  @Moment() expires_at!: string;
}
