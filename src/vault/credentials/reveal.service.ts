import { Injectable } from '@nestjs/common';
import { AuthorizationError, NotFoundError, ValidationError } from '../../core/context/errors.js';
import type { Asked } from '../../core/resource/resource.service.js';
import { CredentialReader, ReadCredential } from './credential-reader.js';
import { CredentialSecretsService, SecretVersion } from './credential-secrets.service.js';
import type { Credential } from './credential.entity.js';
import { disclose, type DisclosedSecrets } from './opened-secrets.js';
import { OneTimeCode, oneTimeCode } from './one-time-codes.js';
import { RevealGate } from './reveal-gate.js';
import { mainField } from './secret-fields.js';

type Headers = Pick<Asked, 'headers'>;

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

/** What the earlier credentials manager answered for one credential. */
export interface LegacyCredential {
  id: string;
  name: string;
  type: string;
  service: string;
  value: string | null;
}

const noSeed = () => ValidationError.of('id', 'this credential has no totp_secret', 'totp');
const missing = (id: string) =>
  new NotFoundError('Credential was not found', { resource_type: 'Credential', resource_id: id });

/** Opening secrets in ways beside `get`. Each first opens, then records, and only then answers. */
@Injectable()
export class RevealService {
  constructor(
    private readonly reader: CredentialReader,
    private readonly secrets: CredentialSecretsService,
    private readonly gate: RevealGate,
  ) {}

  /** Up to 100 at once, for a stated reason; one entry each, committed together. */
  async revealMany(ids: string[], reason: string, headers: Headers): Promise<Revealed[]> {
    const found = await this.reader.read(ids);
    const results: Revealed[] = [];
    const facts = [];
    for (const id of ids) {
      const one = found.get(id);
      const refusal = one
        ? await this.refusalOf(one, reason, headers)
        : { status: 404, error: 'Credential was not found' };
      if (!one || refusal) {
        results.push({ id, status: 404, ...refusal });
        continue;
      }
      const { credential } = one;
      const secrets = await this.reader.open(credential, one.sealed);
      facts.push(
        this.reader.factOf(credential, 'credential.reveal', { fields: Object.keys(secrets), reason }),
      );
      results.push({
        id,
        status: 200,
        name: credential.name,
        service_name: credential.service_name,
        username: credential.username,
        secrets: disclose(secrets),
      });
    }
    if (facts.length > 0) await this.reader.record(...facts);
    this.gate.noteReveal(facts.map(fact => String(fact.resource_id)));
    return results;
  }

  /** A code of the credential's second factor; the seed stays inside. */
  async otp(id: string, headers: Headers): Promise<OneTimeCode> {
    const one = await this.mayOpen(id);
    if (!one.credential.secret_fields.includes('totp_secret')) throw noSeed();
    const reason = await this.gate.pass(one.credential, headers);
    const { totp_secret } = await this.reader.open(
      one.credential,
      one.sealed,
      field => field === 'totp_secret',
    );
    if (!totp_secret) throw noSeed();
    const code = oneTimeCode(totp_secret, Date.now());
    await this.reader.record(
      this.reader.factOf(one.credential, 'credential.reveal', { fields: ['otp'], reason }),
    );
    this.gate.noteReveal([id]);
    return code;
  }

  async versions(id: string): Promise<SecretVersion[]> {
    const one = await this.visible(id);
    const versions = await this.secrets.versions(id);
    await this.reader.record(
      this.reader.factOf(one.credential, 'credential.view', { versions: versions.length }),
    );
    return versions;
  }

  /** The secrets as they stood at an older version. */
  async revealVersion(
    id: string,
    version: number,
    reason: string,
    headers: Headers,
  ): Promise<DisclosedSecrets> {
    const one = await this.mayOpen(id);
    const known = (await this.secrets.versions(id)).some(row => row.version === version);
    if (!known)
      throw new NotFoundError('The credential has no such version', {
        resource_type: 'Credential',
        resource_id: id,
      });
    await this.gate.pass(one.credential, { ...headers, reason });
    const secrets = await this.reader.open(one.credential, await this.secrets.sealedAt(id, version));
    await this.reader.record(
      this.reader.factOf(one.credential, 'credential.reveal', {
        fields: Object.keys(secrets),
        version,
        reason,
      }),
    );
    this.gate.noteReveal([id]);
    return disclose(secrets);
  }

  /** The earlier manager's answer: the main secret as `value`, with the same rights and entry as `get`. */
  async legacy(id: string, headers: Headers): Promise<LegacyCredential> {
    const one = await this.mayOpen(id);
    const { credential } = one;
    const field = mainField(credential.credential_type);
    const reason = await this.gate.pass(credential, headers);
    const shown = (name: string) => name === field;
    const opened = await this.reader.open(credential, one.sealed, shown);
    await this.reader.record(
      this.reader.factOf(credential, 'credential.decrypt', {
        fields: Object.keys(opened),
        reason,
        legacy: true,
      }),
    );
    this.gate.noteReveal([id]);
    const { service_name, credential_type } = credential;
    return {
      id,
      name: credential.name ?? service_name,
      type: credential_type,
      service: service_name,
      value: disclose(opened)[field] ?? null,
    };
  }

  private async visible(id: string): Promise<ReadCredential> {
    const one = (await this.reader.read([id])).get(id);
    if (!one) throw missing(id);
    return one;
  }

  private async mayOpen(id: string): Promise<ReadCredential> {
    const one = await this.visible(id);
    if (one.level === 'view') throw cannotReveal(one.credential);
    return one;
  }

  private async refusalOf(
    one: ReadCredential,
    reason: string,
    headers: Headers,
  ): Promise<{ status: number; error: string } | undefined> {
    if (one.level === 'view') return { status: 403, error: cannotReveal(one.credential).message };
    try {
      await this.gate.pass(one.credential, { ...headers, reason });
      return undefined;
    } catch (error) {
      if (error instanceof AuthorizationError) return { status: 403, error: error.message };
      throw error;
    }
  }
}

function cannotReveal(credential: Credential): AuthorizationError {
  return new AuthorizationError('This needs the grant reveal on the credential', {
    resource_type: 'Credential',
    resource_id: credential.id,
  });
}
