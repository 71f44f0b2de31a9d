import { Injectable } from '@nestjs/common';
import argon2 from 'argon2';
import bcrypt from 'bcryptjs';
import { ValidationError } from '../context/errors.js';
import { passwordScore } from './password-strength.js';

/** Argon2id, RFC 9106: 64 MiB, three passes, one lane. */
const PARAMETERS = { type: argon2.argon2id, memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
const BCRYPT = /^\$2[aby]\$/;

export interface PasswordCheck {
  matches: boolean;
  /** The hash is of an older kind: store a new one. */
  outdated: boolean;
}

/** Hashes of passwords; all work happens on other threads, never inside a unit of work. */
@Injectable()
export class Passwords {
  private readonly decoy = argon2.hash('no user has this password', PARAMETERS);

  hash(password: string): Promise<string> {
    return argon2.hash(password, PARAMETERS);
  }

  /** Takes the same time for a user that does not exist (hash null). */
  async check(password: string, hash: string | null): Promise<PasswordCheck> {
    if (hash === null) {
      await argon2.verify(await this.decoy, password);
      return { matches: false, outdated: false };
    }
    if (BCRYPT.test(hash)) return { matches: await bcrypt.compare(password, hash), outdated: true };
    try {
      return { matches: await argon2.verify(hash, password), outdated: argon2.needsRehash(hash, PARAMETERS) };
    } catch {
      // An imported hash of a kind that nobody knows opens nothing.
      return this.check(password, null);
    }
  }

  /** At least 12 characters and zxcvbn 3 of 4, without the user's own name and address; 422 otherwise. */
  requireStrong(password: string, field: string, known: string[]): void {
    if ([...password].length < 12)
      throw ValidationError.of(field, 'must have at least 12 characters', 'length');
    if (Buffer.byteLength(password) > 1024)
      throw ValidationError.of(field, 'must have at most 1024 bytes', 'length');
    if (passwordScore(password, known) < 3)
      throw ValidationError.of(field, 'is too easy to guess', 'strength');
  }
}
