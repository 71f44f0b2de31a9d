import { Injectable } from '@nestjs/common';
import { hmacSha256 } from '../../formats/derivation.js';
import { FormatError } from '../../formats/format-error.js';
import { lengthPrefixed } from '../../formats/length-prefixed.js';
import { open, parseSealed, Place, seal, Sealed } from '../../formats/sealed-value.js';
import type { KeyOwner, SystemKeyName } from './data-key.js';
import { KeyRing } from './key-ring.js';
import { OpeningError } from './opening-error.js';

/** Seals and opens secrets for a place in the main database: a domain says where and whose, never which key. */
@Injectable()
export class Sealer {
  constructor(private readonly ring: KeyRing) {}

  /** @throws UnavailableError when the keystore is away; ConflictError when the owner's keys were destroyed */
  async seal(owner: KeyOwner, place: Place, plaintext: string): Promise<string> {
    const ref = await this.ring.activeKey(owner);
    return this.ring.use(ref.id, ref.version, key => seal(key, place, ref, plaintext));
  }

  /** Seals what belongs to the installation itself, such as stored answers; {@link open} opens it. */
  async sealOwn(name: SystemKeyName, place: Place, plaintext: string): Promise<string> {
    const ref = await this.ring.systemKey(name);
    return this.ring.use(ref.id, ref.version, key => seal(key, place, ref, plaintext));
  }

  /**
   * Opens what {@link seal} made for the same place; nothing but v3 is opened.
   *
   * @throws OpeningError when it was altered or moved, or when its key is gone; UnavailableError
   */
  async open(place: Place, sealed: string): Promise<string> {
    try {
      const value: Sealed = parseSealed(sealed);
      return await this.ring.use(value.key.id, value.key.version, key => open(key, place, value));
    } catch (error) {
      throw error instanceof FormatError ? new OpeningError(error) : error;
    }
  }

  /**
   * A keyed fingerprint (HMAC-SHA256, hex) by which equal secrets are found without opening any.
   *
   * @param context what is compared with what: values of different contexts have nothing in common
   */
  blindIndex(context: string, value: string): Promise<string> {
    const data = lengthPrefixed(['opskeep/blind-index', context, value]);
    return this.ring.useSystem('blind-index', undefined, key => hmacSha256(key, data).toString('hex'));
  }
}
