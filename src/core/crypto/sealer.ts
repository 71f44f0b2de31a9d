import { Injectable } from '@nestjs/common';
import { hmacSha256 } from '../../formats/derivation.js';
import { FormatError } from '../../formats/format-error.js';
import { lengthPrefixed } from '../../formats/length-prefixed.js';
import { type KeyRef, open, parseSealed, Place, seal, Sealed } from '../../formats/sealed-value.js';
import type { KeyOwner, SystemKeyName } from './data-key.entity.js';
import { KeyRing } from './key-ring.js';
import { OpeningError } from './opening-error.js';
import { Plaintext } from './plaintext.js';
import { sealedForColumn, sealedFromColumn, type SealedText } from './sealed-text.js';

/** Seals and opens secrets for a place in the main database: a domain says where and whose, never which key. */
@Injectable()
export class Sealer {
  constructor(private readonly ring: KeyRing) {}

  /** @throws UnavailableError when the keystore is away; ConflictError when the owner's keys were destroyed */
  async seal(owner: KeyOwner, place: Place, plaintext: Plaintext): Promise<SealedText> {
    return this.sealUnder(await this.ring.activeKey(owner), place, plaintext);
  }

  /** Seals what belongs to the installation itself, such as stored answers; {@link open} opens it. */
  async sealOwn(name: SystemKeyName, place: Place, plaintext: Plaintext): Promise<SealedText> {
    return this.sealUnder(await this.ring.systemKey(name), place, plaintext);
  }

  /**
   * Opens what {@link seal} made for the same place; nothing but v3 is opened.
   *
   * @throws OpeningError when it was altered or moved, or when its key is gone; UnavailableError
   */
  async open(place: Place, sealed: SealedText): Promise<Plaintext> {
    try {
      const value: Sealed = parseSealed(sealedForColumn(sealed));
      const text = await this.ring.use(value.key.id, value.key.version, key => open(key, place, value));
      return Plaintext.of(text);
    } catch (error) {
      throw error instanceof FormatError ? new OpeningError(error) : error;
    }
  }

  /**
   * A keyed fingerprint (HMAC-SHA256, hex) by which equal secrets are found without opening any.
   *
   * @param context what is compared with what: values of different contexts have nothing in common
   */
  blindIndex(context: string, value: string | Plaintext): Promise<string> {
    const text = typeof value === 'string' ? value : value.disclose();
    const data = lengthPrefixed(['opskeep/blind-index', context, text]);
    return this.ring.useSystem('blind-index', undefined, key => hmacSha256(key, data).toString('hex'));
  }

  private async sealUnder(ref: KeyRef, place: Place, plaintext: Plaintext): Promise<SealedText> {
    const sealed = await this.ring.use(ref.id, ref.version, key =>
      seal(key, place, ref, plaintext.disclose()),
    );
    return sealedFromColumn(sealed);
  }
}
