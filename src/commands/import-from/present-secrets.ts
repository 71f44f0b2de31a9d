import type { INestApplicationContext } from '@nestjs/common';
import { Plaintext } from '../../core/crypto/plaintext.js';
import { Rows } from '../../core/table/rows.js';
import { Credential } from '../../vault/credentials/credential.entity.js';
import { CredentialSecret } from '../../vault/credentials/secrets/credential-secret.entity.js';
import { CredentialSecretsService } from '../../vault/credentials/secrets/credential-secrets.service.js';
import { type CredentialType, mainField } from '../../formats/credential-types.js';
import type { Planned } from './plan.js';

/** What somebody has typed in already, or another program has brought: told by the blind index, nothing is opened. */
export class PresentSecrets {
  private constructor(
    private readonly rows: Rows,
    private readonly secrets: CredentialSecretsService,
  ) {}

  static of(app: INestApplicationContext): PresentSecrets {
    return new PresentSecrets(app.get(Rows), app.get(CredentialSecretsService));
  }

  /** Whether a credential of the same client, service and user name has, or had in an earlier version, the same secret. */
  async has({ place, bodies: [body] }: Planned): Promise<boolean> {
    if (!body || (place.kind === 'client' && !place.id)) return false;
    const client_id = place.kind === 'client' ? (place.id ?? null) : null;
    const field = mainField(body.credential_type as CredentialType);
    const owned = { client_id, visibility: 'pool', owner_id: null } as const;
    const fingerprint = await this.secrets.fingerprint(owned, field, Plaintext.of(body[field] as string));
    if (fingerprint === null) return false;
    const same = await this.rows.find(CredentialSecret, { field, fingerprint });
    if (same.length === 0) return false;
    const ids = [...new Set(same.map(one => one.credential_id))];
    const found = await this.rows.find(Credential, {
      id: ids,
      client_id,
      service_name: body.service_name as string,
    });
    return found.some(one => one.username === (body.username ?? null));
  }
}
