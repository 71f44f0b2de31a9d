import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { whereSeen } from '../../core/resource/restriction.js';
import type { Clause } from '../../core/table/clause.js';
import { CredentialRights } from '../../vault/credentials/credential-rights.service.js';
import { CredentialsService } from '../../vault/credentials/credentials.service.js';
import { IntegrationCredential } from './integration-credential.entity.js';

/** Seen by those who see the credential, written by administrators who manage it. */
@Injectable()
export class IntegrationCredentialsService extends ResourceService(IntegrationCredential) {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly rights: CredentialRights,
  ) {
    super();
  }

  /** An administrator who may not use the present credential points the row at no other one. */
  protected override async requireWriter(before?: IntegrationCredential): Promise<void> {
    await super.requireWriter(before);
    if (before) await this.requireRight(before);
  }

  protected override async check(row: IntegrationCredential, before?: IntegrationCredential): Promise<void> {
    if (row.credential_id !== before?.credential_id) await this.requireRight(row);
  }

  private async requireRight({ credential_id }: IntegrationCredential): Promise<void> {
    await this.rights.requireManage(await this.credentials.find(credential_id));
  }

  protected override restrictions(): Clause[] {
    return [...super.restrictions(), ...whereSeen('integration_credentials.credential_id', this.credentials)];
  }
}
