import { BelongsTo, Moment, Text, Uuid } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';
import { User } from '../user.entity.js';

/** One login: the family of refresh tokens that came from it. Revoking it ends all of its tokens at once. */
@Stored({ table: 'logins' })
export class Login {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => User, { onDelete: 'CASCADE' }) user_id!: string;
  @Text({ optional: true }) machine!: string | null;
  @Text({ max: 45, optional: true }) ip!: string | null;
  @Text({ max: 300, optional: true }) user_agent!: string | null;
  @Moment({ index: false }) created_at!: string;
  @Moment() expires_at!: string;
  @Moment({ optional: true, index: false }) revoked_at!: string | null;
  @Text({ max: 60, optional: true }) revoked_reason!: string | null;
}

/** A refresh token, stored as SHA-256 of its 32 random bytes; used once, a second use revokes the login. */
@Stored({ table: 'refresh_tokens' })
export class RefreshToken {
  @Text({ max: 64, primary: true }) id!: string;
  @BelongsTo(() => Login, { onDelete: 'CASCADE' }) login_id!: string;
  @Moment({ index: false }) created_at!: string;
  @Moment({ optional: true, index: false }) used_at!: string | null;
}
