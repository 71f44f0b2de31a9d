import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sealBytes } from '../../formats/aes-gcm.js';
import { encodeBase64url } from '../../formats/base64url.js';
import type { Place } from '../../formats/sealed-value.js';
import type { KeyOwner } from './keystore/data-key.entity.js';
import { KeyRing } from './key-ring.js';
import { openSealed } from './opener.js';
import { Plaintext } from './plaintext.js';
import { Sealer } from './sealer.js';
import type { SealedText } from './sealed-text.js';

const KEY_BYTES = 32;

/** What is sealed for a link: under the key of its fragment, which is in no database, and that under the owner's. */
export interface SealedForLink {
  /** base64url, for the fragment of the link. */
  key: string;
  sealed: SealedText;
}

/**
 * Secrets that leave the house by a link. Two locks: the link alone opens nothing, since the outer one is ours, and
 * neither do the database and all of our keys, since the inner one is in the link.
 */
@Injectable()
export class LinkSeals {
  constructor(
    private readonly ring: KeyRing,
    private readonly sealer: Sealer,
  ) {}

  /**
   * The inner lock is AES-256-GCM, nonce | ciphertext | tag, which a browser opens by WebCrypto.
   *
   * @param data authenticated with it: what belongs to this link alone
   * @throws UnavailableError when the keystore is away; ConflictError when the owner's keys were destroyed
   */
  async seal(owner: KeyOwner, place: Place, data: string, plaintext: Plaintext): Promise<SealedForLink> {
    const key = randomBytes(KEY_BYTES);
    const inner = sealBytes(key, Buffer.from(data), Buffer.from(plaintext.disclose()));
    const sealed = await this.sealer.seal(owner, place, Plaintext.of(encodeBase64url(inner)));
    const text = encodeBase64url(key);
    key.fill(0);
    return { key: text, sealed };
  }

  /**
   * Opens the outer lock alone.
   *
   * @returns base64url of what the key of the link opens
   * @throws OpeningError when it was altered or moved, or when its key is gone; UnavailableError
   */
  async openOuter(place: Place, sealed: SealedText): Promise<string> {
    return (await openSealed(this.ring, place, sealed, 'open')).disclose();
  }
}
