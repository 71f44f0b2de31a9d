import { Injectable } from '@nestjs/common';
import { KeyOwner, POOL } from '../../../core/crypto/keystore/data-key.entity.js';
import type { Plaintext } from '../../../core/crypto/plaintext.js';
import { sealsIn } from '../../../core/crypto/sealed-places.js';
import type { SealedText } from '../../../core/crypto/sealed-text.js';
import { Sealer } from '../../../core/crypto/sealer.js';
import { Units } from '../../../core/database/units.js';
import { ConflictError } from '../../../core/context/errors.js';
import { currentActor } from '../../../core/context/request-context.js';
import { newId } from '../../../core/database/new-id.js';
import { now } from '../../../core/database/values.js';
import { Rows } from '../../../core/table/rows.js';
import { CredentialSecret } from './credential-secret.entity.js';
import { Credential } from '../credential.entity.js';
import { NEVER_SHOWN, type SecretField } from '../../../formats/credential-types.js';

/** Secrets by field; null takes one away. */
export type Secrets = Partial<Record<SecretField, Plaintext | null>>;

/** A secret as it is stored: what opens it is its place and nothing else. */
export interface SealedSecret {
  field: string;
  version: number;
  sealed: SealedText;
}

/** A version of a credential's secrets: who wrote which of them when. */
export interface SecretVersion {
  version: number;
  created_at: string;
  author_id: string | null;
  fields: string[];
}

type Owned = Pick<Credential, 'client_id' | 'visibility' | 'owner_id'>;

/** Whose data key seals a credential: its client's, else the pool's, else its owner's. */
export function keyOwner(credential: Owned): KeyOwner {
  if (credential.client_id) return { kind: 'client', id: credential.client_id };
  if (credential.visibility === 'pool') return POOL;
  if (!credential.owner_id)
    throw new ConflictError('A private credential without a client needs an owner', { field: 'owner_id' });
  return { kind: 'user', id: credential.owner_id };
}

/** Whose data key has sealed what a credential holds; undefined for what lost its owner. */
export function sealedBy(credential: Owned): KeyOwner | undefined {
  const isLost = !credential.client_id && credential.visibility !== 'pool' && !credential.owner_id;
  return isLost ? undefined : keyOwner(credential);
}

/**
 * By what equal secrets are found without opening any. Those of a private credential are equal to none but others
 * of its owner, so that not even the time of a search tells of them; a seed is compared with nothing.
 */
function fingerprintContext(credential: Owned, field: string): string | null {
  if (field === NEVER_SHOWN) return null;
  const { kind, id } = keyOwner(credential);
  return kind === 'user' ? privateContext(id) : SHARED_CONTEXT;
}

/** In which secrets of clients and of the pool are compared. */
export const SHARED_CONTEXT = 'credential-secret';
/** In which secrets of private credentials of a user are compared. */
export const privateContext = (owner_id: string) => `credential-secret of ${owner_id}`;

export const placeOf = (credential_id: string, field: string, version: number) => ({
  table: 'credential_secrets',
  row_id: credential_id,
  field,
  version,
});

sealsIn({
  table: 'credential_secrets',
  column: 'sealed',
  needs: ['credential_id', 'field', 'version'],
  place: row => placeOf(String(row.credential_id), String(row.field), Number(row.version)),
  owner: {
    needs: ['client_id', 'visibility', 'owner_id'].map(
      name => `(SELECT ${name} FROM credentials WHERE credentials.id = credential_id) AS ${name}`,
    ),
    of: row => sealedBy(row as unknown as Owned),
  },
});

/** The sealed secrets behind credentials. All methods work inside the caller's unit. */
@Injectable()
export class CredentialSecretsService {
  /** What else happens in the same unit when an existing credential gets a new secret. */
  readonly followers: ((credential_id: string) => Promise<void>)[] = [];

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly sealer: Sealer,
  ) {}

  /** Writes secrets as the credential's `secret_version`, which the caller has raised. */
  async write(credential: Credential, secrets: Secrets): Promise<void> {
    const rows: CredentialSecret[] = [];
    const actor = currentActor();
    for (const [field, value] of Object.entries(secrets) as [SecretField, Plaintext | null][]) {
      const place = placeOf(credential.id, field, credential.secret_version);
      rows.push({
        id: newId(),
        credential_id: credential.id,
        field,
        version: credential.secret_version,
        sealed: value === null ? null : await this.sealer.seal(keyOwner(credential), place, value),
        fingerprint: value === null ? null : await this.fingerprint(credential, field, value),
        author_id: actor.kind === 'user' ? actor.id : null,
        created_at: now(),
      });
    }
    await this.rows.insert(CredentialSecret, ...rows);
    if (credential.secret_version > 1) for (const rotated of this.followers) await rotated(credential.id);
  }

  /**
   * After a move to another client, owner or the pool: every version is sealed anew under the new owner's key.
   *
   * @param before whose key must have sealed them
   */
  async reseal(credential: Credential, before: Owned): Promise<void> {
    for (const row of await this.rows.find(CredentialSecret, { credential_id: credential.id })) {
      if (row.sealed === null) continue;
      const place = placeOf(row.credential_id, row.field, row.version);
      const context = fingerprintContext(credential, row.field);
      const [from, to] = [sealedBy(before), keyOwner(credential)];
      const anew = await this.sealer.reseal(to, place, row.sealed, context, from);
      await this.rows.update(CredentialSecret, { id: row.id, sealed: row.sealed }, anew);
    }
  }

  /** The fingerprint that a secret has, or would have, in such a credential; null for what is never compared. */
  async fingerprint(credential: Owned, field: string, value: Plaintext): Promise<string | null> {
    const context = fingerprintContext(credential, field);
    return context === null ? null : this.sealer.blindIndex(context, value);
  }

  /** Every version with its author, newest first. */
  async versions(credential_id: string): Promise<SecretVersion[]> {
    const rows = await this.rows.find(CredentialSecret, { credential_id }, { order: 'version DESC, field' });
    const byVersion = new Map<number, SecretVersion>();
    for (const { version, created_at, author_id, field } of rows) {
      const known = byVersion.get(version) ?? { version, created_at, author_id, fields: [] };
      known.fields.push(field);
      byVersion.set(version, known);
    }
    return [...byVersion.values()];
  }

  /** The secrets as they stood at a version: of each field the newest value up to it. */
  async sealedAt(
    credential_id: string,
    version: number,
  ): Promise<(SealedSecret & { fingerprint: string | null })[]> {
    const rows = await this.rows.find(CredentialSecret, { credential_id }, { order: 'version' });
    const newest = new Map<string, CredentialSecret>();
    for (const row of rows) if (row.version <= version) newest.set(row.field, row);
    return rows.some(row => row.version === version)
      ? [...newest.values()].flatMap(({ sealed, ...row }) => (sealed === null ? [] : [{ ...row, sealed }]))
      : [];
  }
}
