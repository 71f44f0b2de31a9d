import { Injectable } from '@nestjs/common';
import { hmacSha256 } from '../../formats/derivation.js';
import type { Place } from '../../formats/sealed-value.js';
import { KeyRing } from './key-ring.js';
import { openSealed } from './opener.js';
import type { SealedText } from './sealed-text.js';

/** Signs with secrets that others know, too: what is sent to them bears the signature, and the secret stays in this room. */
@Injectable()
export class Signatures {
  constructor(private readonly ring: KeyRing) {}

  /**
   * HMAC-SHA256 (RFC 2104) of a text, in hex; the key is the secret as UTF-8, as it was handed out.
   *
   * @throws OpeningError when it was altered or moved, or when its key is gone; UnavailableError
   */
  async sign(place: Place, sealed: SealedText, text: string): Promise<string> {
    const secret = await openSealed(this.ring, place, sealed, 'open');
    return hmacSha256(Buffer.from(secret.disclose()), text).toString('hex');
  }
}
