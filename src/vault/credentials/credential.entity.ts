import { REVEAL_POLICIES, type RevealPolicy } from '../../core/access/reveal-policy.js';
import { User } from '../../core/access/user.entity.js';
import {
  BelongsTo,
  Choice,
  Derived,
  Flag,
  ListOf,
  LongText,
  MayBelongTo,
  Moment,
  SecretText,
  Text,
  Url,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Site } from '../../directory/sites/site.entity.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { Service } from '../../estate/services/service.entity.js';
import { CREDENTIAL_FILTERS } from './credential-filters.js';
import { CREDENTIAL_TYPES, type CredentialType, SECRET_FIELDS } from '../../formats/credential-types.js';
import { typesTable } from './types-table.js';

/** A credential; its secrets stand sealed in `credential_secrets`, never in this row. */
@Resource({
  name: 'credential',
  path: 'credentials',
  about: 'Passwords, keys and certificates, sealed; every reveal is on the record.',
  client: 'self',
  asksForClient: true,
  overview: 'access',
  owner: 'owner_id',
  called: ['name', 'service_name'],
  taggable: true,
  archivable: true,
  derived: true,
  secrets: true,
  guarded: true,
  policyHeaders: ['get', 'update'],
  writing:
    'No text of a credential repeats a secret of its own: in `notes`, addresses and names it becomes ' +
    `\`[redacted:vault]\`.\n\nWhich secrets a credential has depends on its type:\n\n${typesTable()}`,
  filters: CREDENTIAL_FILTERS,
})
export class Credential extends ResourceEntity {
  @BelongsTo(() => Client, { onDelete: 'RESTRICT', optional: true }) client_id!: string | null;
  @MayBelongTo(() => Service) service_id!: string | null;
  @MayBelongTo(() => Infrastructure) infrastructure_id!: string | null;
  @MayBelongTo(() => Site) site_id!: string | null;
  @Choice(['private', 'pool'], { description: 'Whose key seals it while it has no client' }) visibility!:
    'private' | 'pool';
  @Choice(CREDENTIAL_TYPES, { required: true }) credential_type!: CredentialType;
  @Text({ index: true, search: true }) service_name!: string;
  @Text({ optional: true, index: true, search: true }) username!: string | null;
  @Text({
    optional: true,
    uniqueWithin: ['client_id', 'owner_id'],
    search: true,
    max: 200,
    description:
      'A handle for the command line, unique among the credentials of its owner with the same client, or without one',
  })
  name!: string | null;
  @Url({ optional: true }) external_url!: string | null;
  @Url({ optional: true }) internal_url!: string | null;
  @Whole({ optional: true, min: 1, max: 65_535 }) custom_port!: number | null;
  @Flag({ default: false }) requires_vpn!: boolean;
  @Flag({ default: false, description: 'A fact about the target system' }) requires_2fa!: boolean;
  @Moment({ optional: true }) expires_at!: string | null;
  @Whole({ optional: true, min: 1, max: 3650 }) rotate_every_days!: number | null;
  @Moment({ optional: true, readOnly: true }) last_rotated_at!: string | null;
  @Flag({ default: true }) is_active!: boolean;
  @MayBelongTo(() => User, { description: 'The creator unless an administrator names another' })
  owner_id!: string | null;
  @Choice(REVEAL_POLICIES, {
    description:
      'What revealing asks for: nothing, a reason, a fresh one-time code, or the approval of a second person; the ' +
      'stricter of this and that of the client, and both where one is `otp` and the other `approval`. Loosened only by ' +
      'who passes it',
  })
  reveal_policy!: RevealPolicy;
  @LongText({ optional: true }) notes!: string | null;
  archived_at!: string | null;

  @ListOf('text', {
    readOnly: true,
    default: () => [],
    choices: SECRET_FIELDS,
    description: 'Which secrets are set',
  })
  secret_fields!: string[];
  @Whole({ readOnly: true, optional: true, min: 0, max: 4, description: 'zxcvbn score of the password' })
  strength!: number | null;
  @Text({
    readOnly: true,
    optional: true,
    description: 'Of the certificate or the private key, such as RSA 2048 or Ed25519',
  })
  key_algorithm!: string | null;
  @Text({
    readOnly: true,
    optional: true,
    index: true,
    description: 'Of the certificate SHA-256 in hex, of the private key as ssh-keygen shows it',
  })
  key_fingerprint!: string | null;
  @Text({ readOnly: true, optional: true, max: 500 }) certificate_subject!: string | null;
  @Text({ readOnly: true, optional: true, max: 500 }) certificate_issuer!: string | null;
  @ListOf('text', {
    readOnly: true,
    optional: true,
    max: 100,
    description: 'The names and addresses that the certificate is for (subjectAltName), since its last write',
  })
  certificate_names!: string[] | null;
  @Moment({
    readOnly: true,
    optional: true,
    description: 'The end of the certificate; expires_at has it too unless another date was given',
  })
  certificate_expires_at!: string | null;
  @Text({
    readOnly: true,
    optional: true,
    description: 'Why an incident wants it rotated; cleared by the rotation',
  })
  rotation_demand!: string | null;
  @Whole({ internal: true, default: 0, index: false }) secret_version!: number;

  @Derived({ type: 'boolean' }) needs_rotation!: boolean;
  @Derived({ type: 'string', nullable: true }) needs_rotation_reason!: string | null;

  @Derived(
    { type: 'array', items: { type: 'string', format: 'uuid' } },
    {
      afterWriting: true,
      description:
        'Credentials for the same service with the same secret, among those that the caller may reveal; for who may read',
    },
  )
  duplicates?: string[];

  @SecretText({ example: 'tR7#mk92-vault' }) password?: string | null;
  @SecretText() api_key?: string | null;
  @SecretText() client_secret?: string | null;
  @SecretText() token?: string | null;
  @SecretText() connection_string?: string | null;
  @SecretText() private_key?: string | null;
  @SecretText() passphrase?: string | null;
  @SecretText() shared_secret?: string | null;
  @SecretText() certificate?: string | null;
  @SecretText({
    neverShown: true,
    description: 'Base32 seed or otpauth:// address; gives codes and is never shown',
  })
  totp_secret?: string | null;
}
