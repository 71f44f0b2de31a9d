import { Injectable } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { ConflictError } from '../../core/context/errors.js';
import { Plaintext } from '../../core/crypto/plaintext.js';
import { Units } from '../../core/database/units.js';
import { Rows } from '../../core/table/rows.js';
import { NEVER_SHOWN, SECRET_FIELDS, type SecretField } from '../../formats/credential-types.js';
import { Credential } from '../credentials/credential.entity.js';
import { credentialFact } from '../credentials/reveal/opening.service.js';
import { CredentialSecretsService, type Secrets } from '../credentials/secrets/credential-secrets.service.js';

/** Bytes of the longest secret. */
const MOST_OF_SECRET = 65_536;

/** The secrets of a credential, as a file brings them. */
export interface BroughtSecrets {
  credential_id: string;
  secrets: Partial<Record<SecretField, string>>;
}

/** Whether a line of a file of secrets is one. */
export function isBrought(value: unknown): value is BroughtSecrets {
  const { credential_id, secrets } = (value ?? {}) as Partial<BroughtSecrets>;
  return (
    typeof credential_id === 'string' &&
    typeof secrets === 'object' &&
    secrets !== null &&
    Object.entries(secrets).every(
      ([field, text]) =>
        field !== NEVER_SHOWN &&
        SECRET_FIELDS.some(one => one === field) &&
        typeof text === 'string' &&
        text !== '' &&
        Buffer.byteLength(text) <= MOST_OF_SECRET,
    )
  );
}

/** Secrets of credentials that were adopted without any: sealed under the keys of this installation. */
@Injectable()
export class AdoptedSecrets {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly audit: Audit,
    private readonly secrets: CredentialSecretsService,
  ) {}

  /** What was stored before, or names no credential, is passed over. @returns how many have their secrets now */
  adopt(brought: readonly BroughtSecrets[]): Promise<number> {
    return this.units.run(async () => {
      let count = 0;
      for (const { credential_id, secrets } of brought) {
        const row = await this.rows.findOne(Credential, { id: credential_id });
        if (!row) continue;
        count++;
        if (row.secret_version === 0) await this.write(row, secrets);
      }
      return count;
    });
  }

  private async write(row: Credential, given: BroughtSecrets['secrets']): Promise<void> {
    const secrets: Secrets = {};
    for (const field of SECRET_FIELDS) {
      const text = given[field];
      if (text !== undefined) secrets[field] = Plaintext.of(text);
    }
    const secret_fields = SECRET_FIELDS.filter(field => field in secrets);
    const changes = { secret_fields, secret_version: 1 };
    await this.secrets.write({ ...row, ...changes }, secrets);
    const known = { id: row.id, version: row.version };
    if ((await this.rows.update(Credential, known, changes)) !== 1)
      throw new ConflictError('The credential was changed while it was imported');
    this.audit.record(credentialFact(row, 'credential.import_secrets', { fields: secret_fields }));
  }
}
