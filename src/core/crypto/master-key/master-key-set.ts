import type { Secret } from '../../config/settings.js';
import {
  ensureKey,
  hasKey,
  type KeySource,
  keySource,
  type MasterKeySettings,
  parseKeys,
} from './key-source.js';
import type { MasterKey } from './master-key.js';

/** Milliseconds before a source is asked again for a key that it did not have. */
const REREAD_MS = 5_000;

/** The keys of a source, the first of which is current. */
type Keys = readonly [MasterKey, ...MasterKey[]];

/**
 * The master keys at hand. Which of them wraps, the keystore says (its sentinel); `target` is the one that it shall be
 * from the next `keys rotate-kek` on.
 */
export class MasterKeys {
  private reading?: Promise<void>;
  private readAt = performance.now();

  /**
   * @param own what `reread` gives: the file and the command are asked again when an unknown id is met
   * @param next wraps after the next rotation; `previous` only open
   */
  constructor(
    private own: Keys,
    private readonly next: readonly MasterKey[] = [],
    private readonly previous: readonly MasterKey[] = [],
    private readonly reread?: () => Promise<Keys>,
    /** Where they come from, in words. */
    readonly source = 'API_KEY_MASTER_KEY',
  ) {}

  /** The first of the source: a new keystore begins with it. */
  get current(): MasterKey {
    return this.own[0];
  }

  get target(): MasterKey {
    return this.next[0] ?? this.current;
  }

  get ids(): string[] {
    return [...new Set([...this.own, ...this.next, ...this.previous].map(one => one.id))];
  }

  /** One at hand. */
  find(id: string): MasterKey | undefined {
    return [...this.own, ...this.next, ...this.previous].find(one => one.id === id);
  }

  /** One at hand, or in the source by now: somebody may have rotated. */
  async reach(id: string): Promise<MasterKey | undefined> {
    const found = this.find(id);
    if (found || !this.reread) return found;
    if (!this.reading && performance.now() - this.readAt >= REREAD_MS)
      this.reading = this.readAgain(this.reread);
    await this.reading;
    return this.find(id);
  }

  private async readAgain(reread: () => Promise<Keys>): Promise<void> {
    try {
      this.own = await reread();
    } catch {
      // A file that is just being written, a key service that is away: the keys at hand stay good.
    } finally {
      this.readAt = performance.now();
      this.reading = undefined;
    }
  }
}

async function readKeys({ read, setting }: KeySource): Promise<Keys> {
  return parseKeys(await read(), setting) as unknown as Keys;
}

const given = (secret: Secret | undefined, setting: string) =>
  secret ? parseKeys(secret.reveal(), setting) : [];

/**
 * The master keys that the settings give; in development one is made when there is none.
 *
 * @throws MasterKeyError, which names the setting and how to make a key
 */
export async function loadMasterKeys(
  settings: MasterKeySettings,
  warn: (message: string) => void,
): Promise<MasterKeys> {
  ensureKey(settings, warn);
  return keysOf(settings);
}

/**
 * As `loadMasterKeys`, but none is made where there is none: undefined then.
 *
 * @throws MasterKeyError for one that is malformed, or readable by others
 */
export async function presentMasterKeys(settings: MasterKeySettings): Promise<MasterKeys | undefined> {
  return hasKey(settings) ? keysOf(settings) : undefined;
}

async function keysOf(settings: MasterKeySettings): Promise<MasterKeys> {
  const source = keySource(settings);
  return new MasterKeys(
    await readKeys(source),
    given(settings.API_KEY_MASTER_KEY_NEXT, 'API_KEY_MASTER_KEY_NEXT'),
    given(settings.API_KEY_MASTER_KEY_PREVIOUS, 'API_KEY_MASTER_KEY_PREVIOUS'),
    source.changes ? () => readKeys(source) : undefined,
    source.what,
  );
}
