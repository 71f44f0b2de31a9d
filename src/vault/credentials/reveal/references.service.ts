import { Injectable } from '@nestjs/common';
import { Audit } from '../../../core/audit/audit.service.js';
import { ValidationError } from '../../../core/context/errors.js';
import { Rows } from '../../../core/table/rows.js';
import { Client } from '../../../directory/clients/client.entity.js';
import { OWN_PLACES, referenceText } from '../../../formats/reference.js';
import { missingCredential } from '../credential-errors.js';
import { CredentialReader } from '../credential-reader.js';
import type { Credential } from '../credential.entity.js';
import { mainField, NEVER_SHOWN } from '../../../formats/credential-types.js';
import { credentialFact } from './opening.service.js';

/** Where a secret is, instead of the secret. */
@Injectable()
export class ReferencesService {
  constructor(
    private readonly reader: CredentialReader,
    private readonly rows: Rows,
    private readonly audit: Audit,
  ) {}

  /**
   * The reference of a secret of a credential that the actor sees, on the record with the reason. It opens nothing:
   * whoever resolves it needs the right to reveal.
   *
   * @param field its main secret when absent
   */
  async of(id: string, reason: string, field?: string): Promise<{ reference: string; field: string }> {
    const one = (await this.reader.read([id])).get(id);
    if (!one) throw missingCredential(id);
    const { credential, sealed } = one;
    const named = field ?? mainField(credential.credential_type);
    if (named === NEVER_SHOWN || !sealed.some(secret => secret.field === named))
      throw ValidationError.of('field', 'must name a secret that this credential has', 'field');
    await this.audit.recordRead(credentialFact(credential, 'credential.view', { reference: named, reason }));
    const place = await this.placeOf(credential);
    return {
      field: named,
      reference: referenceText({ place, credential: credential.name ?? id, field: named }),
    };
  }

  private async placeOf({ client_id, visibility }: Credential): Promise<string> {
    if (client_id === null) return visibility;
    const [client] = await this.rows.find(Client, { id: client_id });
    return client && !OWN_PLACES.has(client.name) ? client.name : client_id;
  }
}
