import type { SealedText } from '../../../core/crypto/sealed-text.js';
import { BelongsTo, LongText, Moment, Text, Uuid, Whole } from '../../../core/table/field-decorators.js';
import { Stored } from '../../../core/table/stored.js';
import { Credential } from '../credential.entity.js';

/**
 * One secret of one version of a credential, sealed for exactly this place. History only grows: a rotation
 * is an insert, and a secret that was taken away is a row without a value.
 */
@Stored({
  table: 'credential_secrets',
  unique: [['credential_id', 'field', 'version']],
  indexes: [['author_id']],
})
export class CredentialSecret {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => Credential, { onDelete: 'CASCADE', index: false }) credential_id!: string;
  @Text({ max: 40 }) field!: string;
  @Whole({ index: false }) version!: number;
  @LongText({ optional: true }) sealed!: SealedText | null;
  /** Keyed fingerprint of the value: equal secrets are found without opening any (CredentialDuplicates). */
  @Text({ max: 64, optional: true, index: true }) fingerprint!: string | null;
  @Uuid({ optional: true }) author_id!: string | null;
  @Moment({ index: false }) created_at!: string;
}
