import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { v7 } from 'uuid';
import { KEY_BYTES } from '../../formats/key-text.js';
import type { KeyRef } from '../../formats/sealed-value.js';
import { ConflictError, UnavailableError } from '../context/errors.js';
import { encodeMoment, now } from '../database/values.js';
import { destroyKeys } from './keystore/destruction.js';
import type { DataKey, KeyHolder, KeyOwner, SystemKeyName } from './keystore/data-key.entity.js';
import type { Keystore } from './keystore/keystore.js';
import type { MasterKey } from './master-key/master-key.js';
import type { MasterKeys } from './master-key/master-key-set.js';
import { SENTINEL, wrappingKekId } from './keystore/sentinel.js';
import { OpeningError } from './opening-error.js';
import { unwrapKey, wrapKey } from './wrapped-key.js';

/**
 * Only while the master key that wraps is still the one that wraps what is new: `keys rotate-kek` waits for whoever is
 * doing this, and finds the row.
 */
const INSERT = {
  sqlite: insertUnlessDestroyed(''),
  mariadb: insertUnlessDestroyed(' LOCK IN SHARE MODE'),
};

/** Whoever destroys an owner's keys meanwhile is waited for: no new one comes after them. */
function insertUnlessDestroyed(lock: string): string {
  return `INSERT INTO data_keys (id, owner_kind, owner_id, version, state, wrapped, kek_id, created_at, rotation_id)
    SELECT ?, ?, ?, ?, 'active', ?, ?, ?, ? FROM keystore_facts WHERE name = '${SENTINEL}' AND value LIKE ?
    AND NOT EXISTS (SELECT 1 FROM data_keys gone WHERE gone.owner_kind = ? AND gone.owner_id = ?
      AND gone.state = 'destroyed'${lock})${lock}`;
}

/** A new version is the active one: those before it only open from then on. */
const RETIRE = `UPDATE data_keys SET state = 'decrypt_only'
  WHERE owner_kind = ? AND owner_id = ? AND version < ? AND state = 'active'`;
/** Others may make the same key, or rotate the master key meanwhile. */
const ATTEMPTS = 5;
const VERSIONS = `SELECT id, version, state FROM data_keys
  WHERE owner_kind = ? AND owner_id = ? ORDER BY version DESC`;

/** Keys whose owner is remembered. */
const OWNERS_KNOWN = 20_000;
const nameOf = ({ kind, id }: KeyHolder) => `${kind}:${id}`;

/** The rows of the keystore: finding, making and unwrapping keys. */
export class DataKeys {
  /** Whose each key is, by id; of those that have unwrapped alone, since a key is wrapped for its owner. */
  private readonly owners = new LRUCache<string, string>({ max: OWNERS_KNOWN });

  constructor(
    private readonly keystore: Keystore,
    private readonly masterKeys: MasterKeys,
  ) {}

  /**
   * The key that seals for this owner now, made when it is the first. Several servers that make it at once agree.
   *
   * @throws ConflictError when the owner's keys were destroyed
   */
  async findOrMakeActive(owner: KeyHolder): Promise<KeyRef> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const made = await this.attempt(owner);
      if (made) return made;
    }
    throw new Error(`There is no active key for ${owner.kind} ${owner.id}`);
  }

  /**
   * Gives an owner another key to seal with, and makes the present one decrypt-only. Nothing is destroyed.
   *
   * @param present the one to be replaced: whoever else has replaced it meanwhile has done the same
   */
  async renew(owner: KeyHolder, present: KeyRef, rotation_id: string | null = null): Promise<void> {
    await this.make(owner, present.version + 1, rotation_id);
  }

  /** A version of a system key. @throws OpeningError when there is none */
  async findSystem(name: SystemKeyName, version: number): Promise<KeyRef> {
    const versions = await this.versions({ kind: 'system', id: name });
    const found = versions.find(one => one.version === version);
    if (!found) throw new OpeningError(new Error(`There is no system key ${name} of version ${version}`));
    return { id: found.id, version };
  }

  /** Every version of a system key, the newest last. */
  async systemVersions(name: SystemKeyName): Promise<number[]> {
    const versions = await this.versions({ kind: 'system', id: name });
    return versions.map(one => one.version).reverse();
  }

  /** The bytes of a key. @throws OpeningError when it is unknown, destroyed, or does not unwrap */
  async unwrap({ id, version }: KeyRef): Promise<Buffer> {
    const rows = await this.keystore.select<DataKey>(
      'SELECT id, owner_kind, owner_id, version, state, wrapped, kek_id FROM data_keys WHERE id = ?',
      [id],
    );
    const row = rows[0];
    if (!row || row.version !== version) throw new OpeningError(new Error(`Key ${id}.${version} is unknown`));
    if (row.state === 'destroyed') throw new OpeningError(new Error(`Key ${id}.${version} was destroyed`));
    const key = await unwrapKey(this.masterKeys, row);
    this.owners.set(id, nameOf({ kind: row.owner_kind, id: row.owner_id } as KeyHolder));
    return key;
  }

  /** Whether a key is this owner's. @throws OpeningError when it is unknown, destroyed, or does not unwrap */
  async belongsTo(ref: KeyRef, owner: KeyHolder): Promise<boolean> {
    if (!this.owners.has(ref.id)) (await this.unwrap(ref)).fill(0);
    return this.owners.get(ref.id) === nameOf(owner);
  }

  /** Destroys every key of an owner, for good. Answers with how many are destroyed by now. */
  async destroy(owner: KeyOwner): Promise<number> {
    const destroyed = await destroyKeys(this.keystore, owner);
    await this.keystore.scrub();
    return destroyed;
  }

  private versions(owner: KeyHolder): Promise<Pick<DataKey, 'id' | 'version' | 'state'>[]> {
    return this.keystore.select(VERSIONS, [owner.kind, owner.id]);
  }

  /** Undefined when another server was first: its key is found by reading again. */
  private async attempt(owner: KeyHolder): Promise<KeyRef | undefined> {
    const versions = await this.versions(owner);
    const active = versions.find(one => one.state === 'active');
    if (active) return { id: active.id, version: active.version };
    if (versions.some(one => one.state === 'destroyed'))
      throw new ConflictError('The keys of this owner were destroyed');
    // The number comes from the reading that found none: two makers collide instead of making two.
    return this.make(owner, (versions[0]?.version ?? 0) + 1);
  }

  /** @throws UnavailableError when the master key that wraps is not at hand */
  private async wrapping(): Promise<MasterKey> {
    const id = (await wrappingKekId(this.keystore)) ?? '(none)';
    const found = await this.masterKeys.reach(id);
    if (!found) throw new UnavailableError(`The master key ${id}, which wraps new keys, is not at hand`);
    return found;
  }

  private async make(
    owner: KeyHolder,
    version: number,
    rotation_id: string | null = null,
  ): Promise<KeyRef | undefined> {
    const key = { id: v7(), version };
    const current = await this.wrapping();
    const bytes = randomBytes(KEY_BYTES);
    const wrapped = wrapKey(current, { ...key, owner_kind: owner.kind, owner_id: owner.id }, bytes);
    bytes.fill(0);
    const values = [key.id, owner.kind, owner.id, version, wrapped, current.id, encodeMoment(now())];
    const made = await this.keystore.insertOnce(
      INSERT[this.keystore.dialect],
      [...values, rotation_id, `${current.id}.%`, owner.kind, owner.id],
      [RETIRE, [owner.kind, owner.id, version]],
    );
    return made ? key : undefined;
  }
}
