import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import argon2 from 'argon2';
import { UnavailableError, ValidationError } from '../../context/errors.js';
import { Workers } from '../../workers/workers.js';
import { PasswordStrength } from './password-strength.js';

/** What a hash of Argon2id costs: memory in KiB, passes, lanes. */
type Cost = Required<Pick<argon2.Options, 'memoryCost' | 'timeCost' | 'parallelism'>>;

/** RFC 9106: 64 MiB, three passes, one lane. */
const COST: Cost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 };
/** Of nobody's password: looking at it costs what looking at any other does, and nobody has to make it. */
const decoy = ({ memoryCost, timeCost, parallelism }: Cost) =>
  `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
/** A higher cost than 14 takes longer than anybody waits. */
const BCRYPT = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$/;
const BCRYPT_BYTES = 72;
const BCRYPT_LIMIT_MS = 10_000;
/** Refusals take a multiple of it: longer than Argon2 and bcrypt usually need. */
const REFUSAL_MS = 1_000;

export interface PasswordCheck {
  matches: boolean;
  /** The hash is of an older kind: store a new one. */
  outdated: boolean;
}

/** Hashes of passwords; all work happens on other threads, never inside a unit of work. */
@Injectable()
export class Passwords {
  /** Of hashes that are made, and below which none is up to date. */
  cost = COST;

  constructor(
    private readonly workers: Workers,
    private readonly strength: PasswordStrength,
  ) {}

  hash(password: string): Promise<string> {
    return argon2.hash(password, { type: argon2.argon2id, ...this.cost });
  }

  /**
   * Tells no one by its time what was refused, and why: with an unknown user, any kind of hash, a wrong password or
   * the right one of a locked account, a refusal comes after a whole number of seconds.
   *
   * @param attempt gives nothing, or false, when it refuses
   */
  async unhurried<T>(attempt: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const outcome = await attempt();
    if (!outcome) await sleep(REFUSAL_MS - ((performance.now() - began) % REFUSAL_MS));
    return outcome;
  }

  /** Costs about the same for a user that does not exist (hash null). */
  async check(password: string, hash: string | null): Promise<PasswordCheck> {
    if (hash === null) {
      await argon2.verify(decoy(this.cost), password);
      return { matches: false, outdated: false };
    }
    if (BCRYPT.test(hash)) return this.checkBcrypt(password, hash);
    try {
      return { matches: await argon2.verify(hash, password), outdated: argon2.needsRehash(hash, this.cost) };
    } catch {
      // An imported hash of a kind that nobody knows opens nothing.
      return this.check(password, null);
    }
  }

  /** bcrypt looks at 72 bytes alone: whoever knows those of a longer password would be let in with any end. */
  private async checkBcrypt(password: string, hash: string): Promise<PasswordCheck> {
    if (Buffer.byteLength(password) > BCRYPT_BYTES) return this.check(password, null);
    const matches = await this.workers.run('bcryptMatches', { password, hash }, BCRYPT_LIMIT_MS);
    return { matches, outdated: true };
  }

  /** At least 12 characters and zxcvbn 3 of 4, without the user's own name and address; 422 otherwise. */
  async requireStrong(password: string, field: string, known: string[]): Promise<void> {
    if ([...password].length < 12)
      throw ValidationError.of(field, 'must have at least 12 characters', 'length');
    if (Buffer.byteLength(password) > 1024)
      throw ValidationError.of(field, 'must have at most 1024 bytes', 'length');
    const score = await this.strength.score(password, known);
    if (score === null) throw new UnavailableError('How strong the password is cannot be told now');
    if (score < 3) throw ValidationError.of(field, 'is too easy to guess', 'strength');
  }
}
