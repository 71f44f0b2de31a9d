import { Injectable } from '@nestjs/common';
import { KeyRing } from './key-ring.js';
import type { KeyOwner } from './keystore/data-key.entity.js';

/** Destroys the keys of an owner, for good: of all wings one file may have it (`.dependency-cruiser.cjs`). */
@Injectable()
export class KeyDestruction {
  constructor(private readonly ring: KeyRing) {}

  /** @returns how many of the owner's keys are destroyed, now or before @throws UnavailableError */
  destroyAll(owner: KeyOwner): Promise<number> {
    return this.ring.destroy(owner);
  }
}
