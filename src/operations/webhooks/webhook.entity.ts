import { User } from '../../core/access/user.entity.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import {
  BelongsTo,
  Big,
  Derived,
  Flag,
  ListOf,
  Moment,
  SecretText,
  Text,
  Url,
  Uuid,
} from '../../core/table/field-decorators.js';

/** Where changes are sent. It is told what the user who made it may see when it is sent, and nothing else. */
@Resource({
  name: 'webhook',
  path: 'webhooks',
  about:
    'Where changes of rows are sent, signed, as they happen; each is told what the user who made it may see.',
  client: 'none',
  owner: 'user_id',
  routes: ['list', 'create', 'get', 'update', 'remove'],
  writeScope: 'msp:admin',
  derived: true,
  codeHeader: ['create', 'update'],
  called: ['description', 'url'],
  writing:
    'Without `secret` one is made, and the answer holds it, this once; a repetition by Idempotency-Key does not. ' +
    'An access token makes no webhooks.',
  changing:
    'By the user who made it. Another administrator who sees every client may switch it off, and delete it.',
})
export class Webhook extends ResourceEntity {
  @BelongsTo(() => User, {
    readOnly: true,
    onDelete: 'CASCADE',
    description: 'Who made it: it is told what this user may see; it goes with the user',
  })
  user_id!: string;
  @Url({
    example: 'https://hooks.msp.example/opskeep',
    description: 'https, at a public address unless the setting WEBHOOK_ALLOW_PRIVATE names its network',
  })
  url!: string;
  @ListOf('text', {
    max: 50,
    example: ['site.created', 'credential.*'],
    description:
      '`site.created`, `site.*`, `*.deleted`, or `*`: the name of a resource, and created, updated or deleted; ' +
      '`expiration.reminder`: something ends soon',
  })
  events!: string[];
  @SecretText({
    min: 24,
    neverShown: true,
    description: 'What signs the deliveries; changed by rotate-secret alone',
  })
  secret?: string;
  @Text({ optional: true, search: true, max: 500 }) description!: string | null;
  @Flag({
    default: true,
    description: 'What happens while it is off is not sent afterwards, unless a replay asks for it',
  })
  is_active!: boolean;
  @Moment({ optional: true, readOnly: true, description: 'Since when no delivery has succeeded' })
  failing_since!: string | null;
  @Moment({ optional: true, readOnly: true, description: 'When the server has switched it off' })
  disabled_at!: string | null;
  @Text({ optional: true, readOnly: true, description: 'Why it has done so' }) disabled_because!:
    string | null;

  @Derived(
    { type: 'string' },
    {
      afterWriting: true,
      description: 'The secret that was made, shown this once: the answer to creating it',
    },
  )
  signing_secret?: string;

  /** The place in the trail up to which its events are known. */
  @Big({ internal: true, default: 0, index: false }) cursor_seq!: number;
  /** The process that delivers, until when, and a number that goes up with each that takes over. */
  @Uuid({ internal: true, optional: true, index: false }) holder!: string | null;
  @Moment({ internal: true, optional: true, index: false }) held_until!: string | null;
  @Big({ internal: true, default: 0, index: false }) fence!: number;
}
