import { User } from '../../core/access/user.entity.js';
import { BelongsTo, Choice, MayBelongTo, Moment } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Credential } from '../credentials/credential.entity.js';

/** From least to most: each includes those before it. */
export const LEVELS = ['view', 'reveal', 'manage'] as const;
export type Level = (typeof LEVELS)[number];

/** A grant on one credential, or on all credentials of one client. */
@Resource({
  name: 'credential_permission',
  path: 'credential-permissions',
  about: 'Who may view, use or manage a credential, or all of a client, and until when.',
  client: 'shared',
  writing:
    'Exactly one of `credential_id` and `client_id`. Who has a grant there already has it changed, to more or to less, ' +
    'instead of getting a second one. A grant is worth no more, and lasts no longer, than the right of its giver ' +
    '(`granted_by`): when a grant is revoked, lowered or shortened, those that its holder gave within it are likewise, and so on, unless the holder has the right ' +
    'in another way (ownership, `msp:admin`, another grant).',
  guarded: true,
  removeScope: 'msp:write',
  withdraws: ['create', 'update', 'remove'],
  unique: [
    ['credential_id', 'user_id'],
    ['client_id', 'user_id'],
  ],
})
export class CredentialPermission extends ResourceEntity {
  @BelongsTo(() => Credential, { onDelete: 'CASCADE', optional: true }) credential_id!: string | null;
  @BelongsTo(() => Client, { onDelete: 'CASCADE', optional: true }) client_id!: string | null;
  @BelongsTo(() => User, { onDelete: 'CASCADE' }) user_id!: string;
  @Choice(LEVELS, { required: true }) level!: Level;
  @Moment({ optional: true }) expires_at!: string | null;
  @MayBelongTo(() => User, {
    readOnly: true,
    description: 'Who gave it as it stands, or raised or prolonged it last',
  })
  granted_by!: string | null;
}
