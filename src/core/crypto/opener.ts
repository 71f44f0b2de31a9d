import { Injectable } from '@nestjs/common';
import { FormatError } from '../../formats/format-error.js';
import { open, parseSealed, type Place } from '../../formats/sealed-value.js';
import { KeyRing } from './key-ring.js';
import { OpeningError } from './opening-error.js';
import type { OpeningPurpose } from './opening-failures.js';
import { Plaintext } from './plaintext.js';
import { sealedForColumn, type SealedText } from './sealed-text.js';

/** For this room; everybody else asks the {@link Opener}. */
export async function openSealed(
  ring: KeyRing,
  place: Place,
  sealed: SealedText,
  purpose: OpeningPurpose,
): Promise<Plaintext> {
  try {
    const value = parseSealed(sealedForColumn(sealed));
    const text = await ring.use(value.key.id, value.key.version, key => open(key, place, value));
    return Plaintext.of(text);
  } catch (error) {
    const failure = error instanceof FormatError ? new OpeningError(error) : error;
    if (failure instanceof OpeningError) ring.failures.note(place, purpose);
    throw failure;
  }
}

/**
 * Opens what the Sealer has made. Of all wings one file may have it: the vault's one way to a secret
 * (`.dependency-cruiser.cjs`, one-way-to-a-secret).
 */
@Injectable()
export class Opener {
  constructor(private readonly ring: KeyRing) {}

  /**
   * Opens what was sealed for the same place; nothing but v3 is opened.
   *
   * @throws OpeningError when it was altered or moved, or when its key is gone; UnavailableError
   */
  open(place: Place, sealed: SealedText): Promise<Plaintext> {
    return openSealed(this.ring, place, sealed, 'open');
  }
}
