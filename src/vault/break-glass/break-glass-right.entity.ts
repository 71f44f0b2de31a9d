import { User } from '../../core/access/user.entity.js';
import { BelongsTo, Moment, Text, Uuid } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { Credential } from '../credentials/credential.entity.js';

/** A right to one private credential that one administrator has opened; it ends by itself, and nothing prolongs it. */
@Stored({ table: 'break_glass_rights', indexes: [['user_id', 'credential_id']] })
export class BreakGlassRight {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => Credential, { onDelete: 'CASCADE' }) credential_id!: string;
  @BelongsTo(() => User, { onDelete: 'CASCADE', index: false }) user_id!: string;
  /** Whose the credential was; null when nobody's. Under another owner the right is none. */
  @Uuid({ optional: true }) owner_id!: string | null;
  @Text({ max: 500 }) reason!: string;
  @Moment({ index: false }) expires_at!: string;
  @Moment({ index: false }) created_at!: string;
}
