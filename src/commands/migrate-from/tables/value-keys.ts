import { isEarlierToken, openEarlierValue, openUnmarked } from '../../../formats/earlier-value.js';
import type { Seen } from '../earlier-rows.js';

/** Why a value was not opened, in words. */
export class ClosedValue extends Error {
  override readonly name = 'ClosedValue';
}

/** The keys of an earlier system. */
export interface ValueKeys {
  /** @throws ClosedValue where nothing opens what belongs to this user, or to nobody */
  keyFor(user: string | null): Uint8Array;
}

/** One key for everything. */
export class OneKey implements ValueKeys {
  constructor(private readonly key: Uint8Array) {}

  keyFor(): Uint8Array {
    return this.key;
  }
}

/** Opens values, and counts what they were. */
export class Values {
  /** @param takesPlaintext values that nobody has encrypted are taken as they are */
  constructor(
    private readonly keys: ValueKeys,
    private readonly takesPlaintext: boolean,
  ) {}

  /**
   * @param isSealed its column says that it is encrypted, though the value itself does not
   * @throws ClosedValue
   */
  open(text: string, user: string | null, isSealed: boolean, seen: Seen): string {
    if (isEarlierToken(text)) return this.token(text, user, seen);
    const opened = isSealed ? this.unmarked(text, user) : undefined;
    if (opened !== undefined) {
      seen.opened += 1;
      return opened;
    }
    if (!this.takesPlaintext)
      throw new ClosedValue(
        'it is no value that the earlier system has encrypted; --plaintext takes it as it is',
      );
    seen.plaintext += 1;
    return text;
  }

  private token(text: string, user: string | null, seen: Seen): string {
    try {
      const opened = openEarlierValue(text, this.keys.keyFor(user));
      seen.opened += 1;
      return opened;
    } catch (error) {
      seen.closed += 1;
      if (error instanceof ClosedValue) throw error;
      throw new ClosedValue('the key does not open it: it was encrypted under another one, or altered');
    }
  }

  private unmarked(text: string, user: string | null): string | undefined {
    try {
      return openUnmarked(text, this.keys.keyFor(user));
    } catch (error) {
      if (error instanceof ClosedValue) return undefined;
      throw error;
    }
  }
}
