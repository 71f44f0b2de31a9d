import { BelongsTo, Choice, Flag, Moment, Url } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity, via } from '../../core/resource/resource.js';
import { Credential } from '../../vault/credentials/credential.entity.js';
import { SYSTEMS } from '../systems.js';

/** Which credential of the vault opens another system. */
@Resource({
  name: 'integration_credential',
  path: 'integration-credentials',
  about: 'Which credential opens which other system; the secrets are in the vault.',
  client: via('credential_id'),
  redacts: ['base_url'],
  writeScope: 'msp:admin',
  writing: 'Only for a credential that the writer manages: an integration hands it on.',
  changing: 'By administrators who manage the credential.',
})
export class IntegrationCredential extends ResourceEntity {
  @Choice(SYSTEMS, { required: true }) system!: string;
  @Choice(['api_key', 'oauth', 'basic_auth'], { required: true }) auth_type!: string;
  @BelongsTo(() => Credential, { onDelete: 'RESTRICT' }) credential_id!: string;
  @Url({ optional: true }) base_url!: string | null;
  @Flag({ default: true }) is_active!: boolean;
  @Moment({ optional: true }) last_tested_at!: string | null;
  @Choice(['passed', 'failed'], { optional: true }) last_test_status!: string | null;
}
