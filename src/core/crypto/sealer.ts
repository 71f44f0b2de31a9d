import { Injectable } from '@nestjs/common';
import { hmacSha256 } from '../../formats/derivation.js';
import { lengthPrefixed } from '../../formats/length-prefixed.js';
import { type KeyRef, Place, seal } from '../../formats/sealed-value.js';
import type { KeyHolder, KeyOwner, SystemKeyName } from './keystore/data-key.entity.js';
import { KeyRing } from './key-ring.js';
import { openSealed } from './opener.js';
import type { Plaintext } from './plaintext.js';
import { sealedFromColumn, type SealedText } from './sealed-text.js';

/** Seals secrets for a place in the main database: a domain says where and whose, never which key. */
@Injectable()
export class Sealer {
  constructor(private readonly ring: KeyRing) {}

  /** @throws UnavailableError when the keystore is away; ConflictError when the owner's keys were destroyed */
  async seal(owner: KeyOwner, place: Place, plaintext: Plaintext): Promise<SealedText> {
    return this.sealUnder(await this.ring.activeKey(owner), place, plaintext);
  }

  /** Seals what belongs to the installation itself, such as stored answers. */
  async sealOwn(name: SystemKeyName, place: Place, plaintext: Plaintext): Promise<SealedText> {
    return this.sealUnder(await this.ring.systemKey(name), place, plaintext);
  }

  /**
   * The same secret, sealed for another owner, or under another key of the same, with its fingerprint there; in the clear it never leaves this room.
   *
   * @param context of the {@link blindIndex}; null for a secret that has none
   * @param from whose key must have sealed it
   * @throws OpeningError when it was altered or moved, or when its key is gone; UnavailableError
   */
  async reseal(
    owner: KeyHolder,
    place: Place,
    sealed: SealedText,
    context: string | null,
    from?: KeyOwner,
  ): Promise<{ sealed: SealedText; fingerprint: string | null }> {
    const plaintext = await openSealed(this.ring, place, sealed, 'reseal', from);
    const fingerprint = context === null ? null : await this.blindIndex(context, plaintext);
    return { sealed: await this.sealUnder(await this.ring.activeKey(owner), place, plaintext), fingerprint };
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

  /** Of many values the fingerprints in one context, in their order. */
  blindIndexes(context: string, values: readonly string[]): Promise<string[]> {
    return this.ring.useSystem('blind-index', undefined, key =>
      values.map(text =>
        hmacSha256(key, lengthPrefixed(['opskeep/blind-index', context, text])).toString('hex'),
      ),
    );
  }

  private async sealUnder(ref: KeyRef, place: Place, plaintext: Plaintext): Promise<SealedText> {
    const sealed = await this.ring.use(ref.id, ref.version, key =>
      seal(key, place, ref, plaintext.disclose()),
    );
    this.ring.noteSeal(ref.id);
    return sealedFromColumn(sealed);
  }
}
