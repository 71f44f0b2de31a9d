import { DelayedTask } from '../workers/delayed-task.js';
import { inParts, placeholders } from '../database/sql.js';
import type { DataKeys } from './data-keys.js';
import type { DataKey, KeyHolder } from './keystore/data-key.entity.js';
import type { Keystore } from './keystore/keystore.js';

/**
 * How many values one key may seal: AES-GCM with random nonces of 96 bits, NIST SP 800-38D, section 8.3. An owner gets
 * another key at a quarter of it, so that what a killed process had not told by then does not matter.
 */
export const MOST_SEALS = 2 ** 32;
const RENEW_AT = 2 ** 30;
/** Milliseconds that seals are counted in memory before they are told. */
const PAUSE_MS = 60_000;

/** Counts what each key seals, at no cost for whoever seals, and renews a key long before it has sealed too much. */
export class SealCounts {
  private counts = new Map<string, number>();
  private readonly telling = new DelayedTask(() => this.tell(), {
    pause: PAUSE_MS,
    longestPause: 10 * PAUSE_MS,
  });

  constructor(
    private readonly keystore: Keystore,
    private readonly stored: DataKeys,
  ) {}

  note(key_id: string): void {
    this.counts.set(key_id, (this.counts.get(key_id) ?? 0) + 1);
    this.telling.soon();
  }

  /** Tells what was counted so far. */
  flush(): Promise<void> {
    return this.counts.size === 0 ? Promise.resolve() : this.telling.now();
  }

  private async tell(): Promise<void> {
    const told = this.counts;
    this.counts = new Map();
    try {
      await this.keystore.transact(async one => {
        for (const [id, count] of told)
          await one.change('UPDATE data_keys SET seals = COALESCE(seals, 0) + ? WHERE id = ?', [count, id]);
      });
    } catch (error) {
      for (const [id, count] of told) this.counts.set(id, (this.counts.get(id) ?? 0) + count);
      throw error;
    }
    for (const ids of inParts([...told.keys()])) await this.renew(ids);
  }

  private async renew(ids: string[]): Promise<void> {
    const used = await this.keystore.select<DataKey>(
      `SELECT id, owner_kind, owner_id, version FROM data_keys
       WHERE seals >= ${RENEW_AT} AND state = 'active' AND id IN (${placeholders(ids.length)})`,
      ids,
    );
    for (const key of used)
      await this.stored.renew({ kind: key.owner_kind, id: key.owner_id } as KeyHolder, key);
  }
}
