import { type ClientAccess, SCOPES, TOKEN_ACTIONS } from '../../context/actor.js';
import { Resource, ResourceEntity } from '../../resource/resource.js';
import {
  Choice,
  Derived,
  ListOf,
  LongText,
  MayBelongTo,
  Moment,
  Text,
  Whole,
} from '../../table/field-decorators.js';
import { DAY_MS, momentIn } from '../../database/values.js';
import { User } from '../user.entity.js';
import { IsArea } from './area-names.js';

/** A token for a machine or a helper. It never does more than its user may do at that moment. */
@Resource({
  name: 'access_token',
  path: 'access-tokens',
  about: 'Tokens for machines and helpers; what each may do is a part of what its user may do.',
  client: 'none',
  owner: 'user_id',
  routes: ['list', 'create', 'get', 'remove'],
  removeScope: 'msp:write',
  derived: true,
  keeps: true,
  codeHeader: ['create'],
  withdraws: ['remove'],
  writing:
    'The answer holds the token, this once; a repetition by Idempotency-Key does not. An access token makes no others. ' +
    'What it grants never exceeds what its user has when it is used, whatever was granted.',
  changing:
    'Revokes the token at once; its row stays. Users revoke their own, administrators who see every client all; an access token itself alone, whatever it is for.',
})
export class AccessToken extends ResourceEntity {
  @MayBelongTo(() => User, {
    readOnly: true,
    description: 'Whose rights it has a part of; null when the user is gone',
  })
  user_id!: string | null;
  @Text({ search: true, index: true }) name!: string;
  @LongText({ optional: true, max: 2000, description: 'What it is for' }) purpose!: string | null;
  @ListOf('text', {
    choices: SCOPES,
    default: () => ['msp:read'],
    max: 3,
    description: 'Of those of the creator; when the user loses one, the token is revoked',
  })
  scopes!: string[];
  @ListOf('text', {
    default: () => [],
    max: 100,
    rules: [IsArea({ each: true })],
    description:
      'Whose routes it may call: paths of resources, such as `sites`, and wings, such as `estate`; all when empty',
  })
  resources!: string[];
  @ListOf('uuid', {
    default: () => [],
    max: 100,
    description:
      'Credentials that it may open (with `actions`) or change; of others it sees the metadata at most',
  })
  credential_ids!: string[];
  @ListOf('text', {
    choices: TOKEN_ACTIONS,
    default: () => [],
    max: TOKEN_ACTIONS.length,
    description: '`reveal` opens the secrets of these credentials, `totp` has one-time codes made',
  })
  actions!: string[];
  @Choice(['all', 'only', 'except'], { description: 'Which of the clients of its user it sees' })
  client_access!: ClientAccess;
  @ListOf('uuid', { default: () => [], max: 1000 }) client_ids!: string[];
  @ListOf('cidr', {
    default: () => [],
    max: 100,
    description: 'Where it may be used from; everywhere when empty',
  })
  cidrs!: string[];
  @Whole({
    optional: true,
    min: 1,
    max: 1_000_000,
    index: false,
    description: 'How many requests it is good for; one that lacks the scope or the resource is none',
  })
  max_uses!: number | null;
  @Derived({ type: 'integer', nullable: true }) uses_left!: number | null;
  @Moment({
    default: () => momentIn(DAY_MS),
    description: 'At most a year ahead; in 24 hours when absent',
  })
  expires_at!: string;
  @Moment({ optional: true, readOnly: true, description: 'To the minute' }) last_used_at!: string | null;
  @Moment({ optional: true, readOnly: true }) revoked_at!: string | null;

  @Derived({ type: 'string' }, { afterWriting: true, description: 'The token itself, shown this once' })
  token?: string;

  @Whole({ internal: true, default: 0, index: false }) uses!: number;
  /** SHA-256 in hex; see `formats/access-token.ts`. */
  @Text({ internal: true, max: 64 }) secret_hash!: string;
}
