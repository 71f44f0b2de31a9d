import { Injectable } from '@nestjs/common';
import { Rows } from '../../core/table/rows.js';
import { Credential } from '../../vault/credentials/credential.entity.js';

/** What a certificate says of itself. */
export interface CertificateOf {
  subject: string | null;
  issuer: string | null;
  names: string[] | null;
}

/** What is public of certificates in the vault. */
@Injectable()
export class Certificates {
  constructor(private readonly rows: Rows) {}

  /** By the id of their credentials, which the caller sees; one query, none for none. */
  async of(ids: string[]): Promise<Map<string, CertificateOf>> {
    const found = ids.length > 0 ? await this.rows.find(Credential, { id: ids }) : [];
    return new Map(
      found.map(({ id, certificate_subject, certificate_issuer, certificate_names }) => [
        id,
        { subject: certificate_subject, issuer: certificate_issuer, names: certificate_names },
      ]),
    );
  }
}
