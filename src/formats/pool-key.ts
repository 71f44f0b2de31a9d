import { pbkdf2Sha256 } from './derivation.js';

const ROUNDS = 100_000;

/** The pool's key of earlier systems: PBKDF2-HMAC-SHA256, 100,000 rounds, 32 bytes; text counts as UTF-8. */
export function getPoolKey(masterKey: Uint8Array | string, salt: Uint8Array | string): Buffer {
  if (masterKey.length === 0 || salt.length === 0)
    throw new TypeError('The master key and the salt must not be empty');
  return pbkdf2Sha256(masterKey, salt, ROUNDS);
}
