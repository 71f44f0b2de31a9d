// The entry of `opskeep/crypto`, a compatibility library for programs written against the earlier modules. The
// server itself stores nothing of what it writes.
import { createHash } from 'node:crypto';

export { decryptString, encryptString, encryptUserSecrets } from './encrypted-string.js';
export { resolveMasterKey } from './environment-keys.js';
export { getPoolKey } from './pool-key.js';
export { getOrCreateUserKey } from './user-key.js';
export { decrypt, encrypt, generateEncryptionKey } from './v2.js';

/** Whether a value looks like one of our formats: `v2:`, `v3.`, or a Fernet token. */
export function isEncrypted(value: unknown): boolean {
  return typeof value === 'string' && /^(v2:|v3\.|gAAAAA)/.test(value);
}

/** SHA-256 in hex, for compatibility: a secret that can be guessed is found from it. */
export function apiKeyHash(key: string): string {
  if (typeof key !== 'string') throw new TypeError('The key to hash must be a string');
  return createHash('sha256').update(key, 'utf8').digest('hex');
}
