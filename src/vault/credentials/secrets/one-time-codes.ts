import { Secret, TOTP, URI } from 'otpauth';
import type { Plaintext } from '../../../core/crypto/plaintext.js';
import { ValidationError } from '../../../core/context/errors.js';

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

const WANTED =
  'must be a base32 seed or an otpauth://totp/ address with a period of 15 to 120 seconds and 6 to 8 digits';

export function checkTotpSecret(seed: Plaintext): void {
  try {
    const { secret, period, digits } = generatorOf(seed.disclose());
    const usual = period >= 15 && period <= 120 && digits >= 6 && digits <= 8;
    if (secret.bytes.length >= 4 && usual) return;
  } catch {
    // Whatever the parser says could quote the seed.
  }
  throw ValidationError.of('totp_secret', WANTED, 'totp');
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
