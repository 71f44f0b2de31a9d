import { Injectable } from '@nestjs/common';
import { FormatError } from '../../formats/format-error.js';
import { open, parseSealed, type Place } from '../../formats/sealed-value.js';
import type { KeyOwner } from './keystore/data-key.entity.js';
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
  owner?: KeyOwner,
): Promise<Plaintext> {
  try {
    const value = parseSealed(sealedForColumn(sealed));
    if (owner && !(await ring.belongsTo(value.key, owner)))
      throw new OpeningError(new Error(`The key ${value.key.id} is not that of ${owner.kind} ${owner.id}`));
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
   * @param owner whose key it must be sealed under: a row that gives it to somebody else does not open it for them
   * @throws OpeningError when it was altered or moved, or when its key is gone or another's; UnavailableError
   */
  open(place: Place, sealed: SealedText, owner?: KeyOwner): Promise<Plaintext> {
    return openSealed(this.ring, place, sealed, 'open', owner);
  }
}
