import type { SealedText } from '../crypto/sealed-text.js';
import {
  Choice,
  Flag,
  ListOf,
  LoginEmail,
  LongText,
  Moment,
  SecretText,
  Text,
  Whole,
} from '../table/field-decorators.js';
import { Resource, ResourceEntity } from '../resource/resource.js';
import { type ClientAccess, SCOPES } from '../context/actor.js';

@Resource({
  name: 'user',
  path: 'users',
  about: 'People who log in, with their scopes and the clients they may see.',
  client: 'shared',
  writeScope: 'msp:admin',
  derived: true,
  codeHeader: ['create', 'bulk', 'update'],
  withdraws: ['update', 'remove'],
})
export class User extends ResourceEntity {
  @LoginEmail({ uniqueWithin: [], search: true, description: 'Stored in lower case' }) email!: string;
  @Text({ search: true, index: true }) name!: string;
  @ListOf('text', { choices: SCOPES, default: () => ['msp:read'], max: 3 }) scopes!: string[];
  @Choice(['all', 'only', 'except']) client_access!: ClientAccess;
  @ListOf('uuid', { default: () => [], max: 1000 }) client_ids!: string[];
  @Flag({ default: true }) is_active!: boolean;
  @Flag({ default: false, readOnly: true, index: false }) totp_enrolled!: boolean;
  @Moment({ optional: true, readOnly: true, index: false }) last_login_at!: string | null;
  @SecretText({
    min: 12,
    optional: false,
    description: 'At least 12 characters and hard to guess (zxcvbn 3 of 4)',
  })
  password?: string;

  @LongText({ internal: true, optional: true }) password_hash!: string | null;
  /** The TOTP seed (base32) under the user's own key. */
  @LongText({ internal: true, optional: true }) totp_sealed!: SealedText | null;
  /** The newest time step that was used: a code works once. */
  @Whole({ internal: true, default: 0, index: false }) totp_step!: number;
  @Whole({ internal: true, default: 0, index: false }) failed_logins!: number;
  @Moment({ internal: true, optional: true, index: false }) locked_until!: string | null;
}
