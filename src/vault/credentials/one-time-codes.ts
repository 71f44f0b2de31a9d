import { Secret, TOTP, URI } from 'otpauth';
import type { Plaintext } from '../../core/crypto/plaintext.js';
import { ValidationError } from '../../core/context/errors.js';

/** A code and how long it is still good. */
export interface OneTimeCode {
  code: string;
  /** Until the next code. */
  remaining_seconds: number;
  period: number;
  digits: number;
}

const BASE32 = /^[A-Z2-7]+=*$/i;

/** A base32 seed (spaces and dashes allowed) or an otpauth://totp address → its generator (RFC 6238). */
function generatorOf(text: string): TOTP {
  if (/^otpauth:\/\//i.test(text)) {
    const parsed = URI.parse(text);
    if (parsed instanceof TOTP) return parsed;
    throw new TypeError('Only time-based codes are supported');
  }
  const seed = text.replace(/[\s-]/g, '');
  if (!BASE32.test(seed)) throw new TypeError('Not base32');
  return new TOTP({ secret: Secret.fromBase32(seed) });
}

export function checkTotpSecret(seed: Plaintext): void {
  try {
    const { secret, period } = generatorOf(seed.disclose());
    if (secret.bytes.length >= 4 && period >= 5) return;
  } catch {
    // Whatever the parser says could quote the seed.
  }
  throw ValidationError.of('totp_secret', 'must be a base32 seed or an otpauth://totp/ address', 'totp');
}

/** @param at milliseconds */
export function oneTimeCode(seed: Plaintext, at: number): OneTimeCode {
  const totp = generatorOf(seed.disclose());
  const remaining_seconds = totp.period - (Math.floor(at / 1000) % totp.period);
  return {
    code: totp.generate({ timestamp: at }),
    remaining_seconds,
    period: totp.period,
    digits: totp.digits,
  };
}
