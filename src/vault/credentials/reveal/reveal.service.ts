import { Injectable } from '@nestjs/common';
import { Audit } from '../../../core/audit/audit.service.js';
import { NotFoundError, ValidationError } from '../../../core/context/errors.js';
import { missingCredential } from '../credential-errors.js';
import { CredentialReader, type ReadCredential } from '../credential-reader.js';
import { CredentialSecretsService, type SecretVersion } from '../secrets/credential-secrets.service.js';
import { disclose, type DisclosedSecrets } from './opened-secrets.js';
import { type OneTimeCode, oneTimeCode } from '../secrets/one-time-codes.js';
import { credentialFact, Opening } from './opening.service.js';
import { mainField } from '../../../formats/credential-types.js';

/** What became of one id of a bulk reveal. */
export interface Revealed {
  id: string;
  status: number;
  name?: string | null;
  service_name?: string;
  username?: string | null;
  secrets?: DisclosedSecrets;
  error?: string;
}

/** The secrets as they stand at a version. */
export interface RevealedVersion {
  id: string;
  version: number;
  secrets: DisclosedSecrets;
}

/** What the earlier credentials manager answered for one credential. */
export interface LegacyCredential {
  id: string;
  name: string;
  type: string;
  service: string;
  value: string | null;
}

const noSeed = () => ValidationError.of('id', 'this credential has no totp_secret', 'totp');

/** Revealing secrets in ways beside `get`. */
@Injectable()
export class RevealService {
  constructor(
    private readonly reader: CredentialReader,
    private readonly secrets: CredentialSecretsService,
    private readonly opening: Opening,
    private readonly audit: Audit,
  ) {}

  /** Up to 100 at once, for a stated reason; each stands or falls alone. */
  async revealMany(ids: string[], reason: string): Promise<Revealed[]> {
    const found = await this.reader.read(ids);
    const opened = await this.opening.openMany(ids, found, { action: 'credential.reveal', reason });
    return ids.map(id => {
      const [one, outcome] = [found.get(id), opened.get(id)];
      if (!one || !outcome) return { id, status: 404, error: missingCredential(id).message };
      if ('refused' in outcome) return { id, status: outcome.refused.status, error: outcome.refused.message };
      const { name, service_name, username } = one.credential;
      return { id, status: 200, name, service_name, username, secrets: disclose(outcome.secrets) };
    });
  }

  /** The present secrets of one. */
  async reveal(id: string, reason: string): Promise<RevealedVersion> {
    const one = await this.visible(id);
    const secrets = await this.opening.open(one, { action: 'credential.reveal', reason });
    return { id, version: one.credential.secret_version, secrets: disclose(secrets) };
  }

  /** A code of the credential's second factor; the seed stays inside. */
  async otp(id: string): Promise<OneTimeCode> {
    const one = await this.visible(id);
    const { totp_secret } = await this.opening.open(one, {
      action: 'credential.reveal',
      needs: 'totp',
      only: field => field === 'totp_secret',
      details: { otp: true },
    });
    if (!totp_secret) throw noSeed();
    return oneTimeCode(totp_secret, Date.now());
  }

  async versions(id: string): Promise<SecretVersion[]> {
    const { credential } = await this.visible(id);
    const versions = await this.secrets.versions(id);
    await this.audit.recordRead(credentialFact(credential, 'credential.view', { versions: versions.length }));
    return versions;
  }

  /** The secrets as they stood at an older version. */
  async revealVersion(id: string, version: number, reason: string): Promise<RevealedVersion> {
    const one = await this.visible(id);
    const known = (await this.secrets.versions(id)).some(row => row.version === version);
    if (!known && one.right.level !== 'view')
      throw new NotFoundError('The credential has no such version', {
        resource_type: 'Credential',
        resource_id: id,
      });
    const sealed = await this.secrets.sealedAt(id, version);
    const wish = { action: 'credential.reveal', reason, sealed, details: { version } } as const;
    return { id, version, secrets: disclose(await this.opening.open(one, wish)) };
  }

  /** The earlier manager's answer: the main secret as `value`, with the same rights and entry as `get`. */
  async legacy(id: string): Promise<LegacyCredential> {
    const one = await this.visible(id);
    const { credential_type, name, service_name } = one.credential;
    const field = mainField(credential_type);
    const opened = await this.opening.open(one, {
      action: 'credential.decrypt',
      only: shown => shown === field,
      details: { legacy: true },
    });
    return {
      id,
      name: name ?? service_name,
      type: credential_type,
      service: service_name,
      value: disclose(opened)[field] ?? null,
    };
  }

  private async visible(id: string): Promise<ReadCredential> {
    const one = (await this.reader.read([id])).get(id);
    if (!one) throw missingCredential(id);
    return one;
  }
}
