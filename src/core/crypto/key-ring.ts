import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { KeyRef } from '../../formats/sealed-value.js';
import type { DataKey, KeyHolder, KeyOwner, SystemKeyName } from './keystore/data-key.entity.js';
import { DataKeys } from './data-keys.js';
import { KeyCache, KeyUse } from './key-cache.js';
import { Keystore } from './keystore/keystore.js';
import { MasterKeys } from './master-key/master-key-set.js';
import { OpeningFailures } from './opening-failures.js';
import { SealCounts } from './seal-counts.js';

/** Milliseconds that an unwrapped key is kept after its loading. */
const KEY_LIFETIME_MS = 60_000;
/** Milliseconds that a process goes on sealing under a key which another one has made decrypt-only. */
export const ACTIVE_LIFETIME_MS = 5_000;
const KEYS_HELD = 2_000;
const OWNERS_HELD = 10_000;

/** One line of `keys status`. */
export type KeyCount = Pick<DataKey, 'owner_kind' | 'state' | 'kek_id'> & { total: number };

/**
 * The data keys and system keys in use. Keys never leave: they are lent to synchronous functions, because a key
 * that is held across an `await` may be wiped meanwhile. Every method throws UnavailableError when the keystore
 * is away and OpeningError when a key is unknown, destroyed or altered.
 */
@Injectable()
export class KeyRing implements OnApplicationShutdown {
  /** What did not open with them. */
  readonly failures = new OpeningFailures();
  private readonly stored: DataKeys;
  private readonly keys: KeyCache;
  private readonly seals: SealCounts;
  private readonly active = new LRUCache<string, Promise<KeyRef>>({
    max: OWNERS_HELD,
    ttl: ACTIVE_LIFETIME_MS,
  });
  private readonly systemVersions = new Map<string, Promise<KeyRef>>();

  constructor(
    private readonly keystore: Keystore,
    masterKeys: MasterKeys,
  ) {
    this.stored = new DataKeys(keystore, masterKeys);
    this.seals = new SealCounts(keystore, this.stored);
    this.keys = new KeyCache(ref => this.stored.unwrap(ref), { max: KEYS_HELD, ttl: KEY_LIFETIME_MS });
  }

  /** The key to seal with now; the owner's first is made and committed in the keystore. */
  activeKey(owner: KeyHolder): Promise<KeyRef> {
    if ((owner.id === '') !== (owner.kind === 'pool'))
      throw new TypeError('The pool has the id "", and it alone');
    return remembered(this.active, `${owner.kind}:${owner.id}`, () => this.stored.findOrMakeActive(owner));
  }

  /** Lends the key to a function that returns no promise, loading it when it is not at hand. */
  use<T>(id: string, version: number, use: KeyUse<T>): Promise<T> {
    return this.keys.use({ id, version }, use);
  }

  /** The same at once; undefined, and the function not called, when the key is not at hand. */
  useCached<T>(id: string, version: number, use: KeyUse<T>): T | undefined {
    return this.keys.useCached({ id, version }, use);
  }

  /** Whether a key is this owner's, whatever the value that names it says. */
  belongsTo(ref: KeyRef, owner: KeyHolder): Promise<boolean> {
    return this.stored.belongsTo(ref, owner);
  }

  /** Whoever has sealed with a key says so. */
  noteSeal(key_id: string): void {
    this.seals.note(key_id);
  }

  /** Tells the keystore how much was sealed with which key; it is told each minute, too. */
  tellSeals(): Promise<void> {
    return this.seals.flush();
  }

  /** Gives an owner another key to seal with; the present one only opens from then on. */
  async renew(owner: KeyHolder, present: KeyRef, rotation_id: string): Promise<void> {
    await this.stored.renew(owner, present, rotation_id);
    this.active.delete(`${owner.kind}:${owner.id}`);
  }

  /**
   * Destroys every key of an owner (crypto-shredding): what they sealed opens nowhere any more, and the owner gets no
   * others. Again, it changes nothing. Other processes hold them for a minute yet: whoever asks for this sees to it that
   * they open nothing with them.
   *
   * @returns how many of the owner's keys are destroyed
   */
  async destroy(owner: KeyOwner): Promise<number> {
    const destroyed = await this.stored.destroy(owner);
    this.clear();
    return destroyed;
  }

  /** A system key by name; the newest without a version. */
  systemKey(name: SystemKeyName, version?: number): Promise<KeyRef> {
    if (version === undefined) return this.activeKey({ kind: 'system', id: name });
    return remembered(this.systemVersions, `${name}.${version}`, () => this.stored.findSystem(name, version));
  }

  /** The versions of a system key, the newest last; none before its first use. */
  systemVersionsOf(name: SystemKeyName): Promise<number[]> {
    return this.stored.systemVersions(name);
  }

  /** Lends a system key together with its version, which is stored beside what the key made. */
  async useSystem<T>(
    name: SystemKeyName,
    version: number | undefined,
    use: (key: Buffer, version: number) => T,
  ): Promise<T> {
    const ref = await this.systemKey(name, version);
    return this.use(ref.id, ref.version, key => use(key, ref.version));
  }

  /** How many keys there are by owner kind, state and master key. */
  status(): Promise<KeyCount[]> {
    return this.keystore.select<KeyCount>(
      `SELECT owner_kind, state, kek_id, COUNT(*) AS total FROM data_keys
       GROUP BY owner_kind, state, kek_id ORDER BY owner_kind, state, kek_id`,
    );
  }

  /** Wipes every key that is held, and forgets which are active. */
  clear(): void {
    this.active.clear();
    this.systemVersions.clear();
    this.keys.clear();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tellSeals();
    this.clear();
  }
}

interface Memory {
  get(name: string): Promise<KeyRef> | undefined;
  set(name: string, ref: Promise<KeyRef>): unknown;
  delete(name: string): unknown;
}

/** Callers of the same moment share one look-up; a failure is not remembered. */
function remembered(memory: Memory, name: string, find: () => Promise<KeyRef>): Promise<KeyRef> {
  const known = memory.get(name);
  if (known) return known;
  const found = find();
  memory.set(name, found);
  found.catch(() => memory.delete(name));
  return found;
}
