import { LRUCache } from 'lru-cache';
import type { KeyRef } from '../../formats/sealed-value.js';

/** What a key is lent to: it ends before it returns, and keeps nothing of the key. */
export type KeyUse<T> = (key: Buffer) => T;

/** Unwrapped key bytes, wiped once they are retired and nobody uses them. */
class HeldKey {
  private retired = false;

  constructor(
    private readonly bytes: Buffer,
    private users: number,
  ) {}

  lend<T>(use: KeyUse<T>): T {
    this.users++;
    try {
      const result = use(this.bytes);
      if (typeof (result as { then?: unknown } | undefined | null)?.then === 'function') {
        void Promise.resolve(result).catch(() => undefined);
        throw new TypeError('A key is lent to a synchronous function only: this one returned a promise');
      }
      return result;
    } finally {
      this.release();
    }
  }

  release(): void {
    this.users--;
    this.wipe();
  }

  retire(): void {
    this.retired = true;
    this.wipe();
  }

  private wipe(): void {
    if (this.retired && this.users === 0) this.bytes.fill(0);
  }
}

interface Loading {
  waiting: number;
  held: Promise<HeldKey>;
}

/**
 * Unwrapped keys, bounded in number and time (milliseconds). A key that leaves is wiped, but never while it is
 * lent, and never between its loading and the use that waited for it.
 */
export class KeyCache {
  private readonly keys: LRUCache<string, HeldKey>;
  private readonly loads = new Map<string, Loading>();
  private clearings = 0;

  constructor(
    private readonly load: (ref: KeyRef) => Promise<Buffer>,
    limits: { max: number; ttl: number },
  ) {
    this.keys = new LRUCache({ ...limits, ttlAutopurge: true, dispose: held => held.retire() });
  }

  async use<T>({ id, version }: KeyRef, use: KeyUse<T>): Promise<T> {
    const slot = `${id}.${version}`;
    const cached = this.keys.get(slot);
    if (cached) return cached.lend(use);
    const loading = this.loads.get(slot) ?? this.begin(slot, { id, version });
    loading.waiting++;
    const held = await loading.held;
    try {
      return held.lend(use);
    } finally {
      held.release();
    }
  }

  /** Without waiting: undefined, and the function not called, when the key is not at hand. */
  useCached<T>({ id, version }: KeyRef, use: KeyUse<T>): T | undefined {
    return this.keys.get(`${id}.${version}`)?.lend(use);
  }

  /** Wipes every key; one that is being loaded is wiped after its use. */
  clear(): void {
    this.clearings++;
    this.keys.clear();
  }

  private begin(slot: string, ref: KeyRef): Loading {
    const clearing = this.clearings;
    const loading = { waiting: 0 } as Loading;
    const arrived = (bytes: Buffer) => {
      this.loads.delete(slot);
      // Those who waited count as users from here on, so that an eviction before their turn wipes nothing.
      const held = new HeldKey(bytes, loading.waiting);
      if (clearing === this.clearings) this.keys.set(slot, held);
      else held.retire();
      return held;
    };
    const failed = (error: unknown) => {
      this.loads.delete(slot);
      throw error;
    };
    loading.held = this.load(ref).then(arrived, failed);
    this.loads.set(slot, loading);
    return loading;
  }
}
