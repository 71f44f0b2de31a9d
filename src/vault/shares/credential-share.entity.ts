import type { SealedText } from '../../core/crypto/sealed-text.js';
import { User } from '../../core/access/user.entity.js';
import {
  BelongsTo,
  Flag,
  ListOf,
  LongText,
  Moment,
  Text,
  Uuid,
  Whole,
} from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { Credential } from '../credentials/credential.entity.js';

/** Secrets that a link opens: a copy of those of its moment, which goes when the link is used up or revoked. */
@Stored({ table: 'credential_shares' })
export class CredentialShare {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => Credential, { onDelete: 'CASCADE' }) credential_id!: string;
  @BelongsTo(() => User, { onDelete: 'CASCADE' }) created_by!: string;
  /** SHA-256 of the token in hex: who reads the table uses no link up. */
  @Text({ max: 64, unique: true }) token_hash!: string;
  @LongText({ optional: true }) sealed!: SealedText | null;
  @LongText({ optional: true }) passphrase_hash!: string | null;
  @ListOf('text') fields!: string[];
  @Whole({ index: false }) views!: number;
  @Whole({ index: false }) views_left!: number;
  /** Wrong passphrases. */
  @Whole({ index: false }) failures!: number;
  @Flag({ index: false }) ends_with_rotation!: boolean;
  @Moment() expires_at!: string;
  @Moment({ index: false }) created_at!: string;
  @Moment({ optional: true, index: false }) last_redeemed_at!: string | null;
  @Moment({ optional: true, index: false }) revoked_at!: string | null;
  @Text({ optional: true, max: 255 }) revoked_because!: string | null;
}
