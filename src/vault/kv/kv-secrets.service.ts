import { Injectable } from '@nestjs/common';
import { stricterOf } from '../../core/access/reveal-policy.js';
import { Audit } from '../../core/audit/audit.service.js';
import { NotFoundError } from '../../core/context/errors.js';
import type { ReadCredential } from '../credentials/credential-reader.js';
import { disclose } from '../credentials/reveal/opened-secrets.js';
import { credentialFact, Opening } from '../credentials/reveal/opening.service.js';
import { CredentialSecretsService } from '../credentials/secrets/credential-secrets.service.js';
import { metadataOf, secretOf } from './kv-answers.js';
import { KvPaths } from './kv-paths.service.js';

/** Credentials as secrets of a KV mount of version 2, with the rights, the policies and the trail of every reveal. */
@Injectable()
export class KvSecrets {
  constructor(
    private readonly paths: KvPaths,
    private readonly opening: Opening,
    private readonly secrets: CredentialSecretsService,
    private readonly audit: Audit,
  ) {}

  /** @param version the present one for 0 */
  async read(client: string, name: string, version: number) {
    const one = await this.paths.find(client, name);
    const { credential } = one;
    const { secret_version: present, last_rotated_at, created_at } = credential;
    if (version !== 0 && version !== present) return this.readEarlier(one, version);
    const opened = await this.opening.open(one, { action: 'credential.decrypt', details: { kv: true } });
    return secretOf(credential, disclose(opened), present, last_rotated_at ?? created_at);
  }

  async metadata(client: string, name: string) {
    const { credential } = await this.paths.find(client, name);
    const versions = await this.secrets.versions(credential.id);
    await this.audit.recordRead(
      credentialFact(credential, 'credential.view', { versions: versions.length, kv: true }),
    );
    return metadataOf(credential, versions);
  }

  /** @param client every place for undefined */
  async list(client?: string): Promise<{ keys: string[] }> {
    const keys =
      client === undefined
        ? (await this.paths.places()).map(key => `${key}/`)
        : await this.paths.keys(client);
    if (keys.length === 0) throw new NotFoundError('There is nothing to list');
    return { keys };
  }

  /** As everywhere, an earlier version is opened for a reason at least. */
  private async readEarlier({ policy, ...one }: ReadCredential, version: number) {
    const { id } = one.credential;
    const written = (await this.secrets.versions(id)).find(row => row.version === version);
    if (!written && one.right.level !== 'view')
      throw new NotFoundError('The credential has no such version', {
        resource_type: 'Credential',
        resource_id: id,
      });
    const sealed = await this.secrets.sealedAt(id, version);
    const wish = { action: 'credential.reveal', sealed, details: { version, kv: true } } as const;
    const opened = await this.opening.open({ ...one, policy: stricterOf(policy, 'reason') }, wish);
    return secretOf(
      one.credential,
      disclose(opened),
      version,
      written?.created_at ?? one.credential.created_at,
    );
  }
}
