import { openEarlierValue } from './earlier-value.js';
import { encryptionKeyFromEnvironment } from './environment-keys.js';
import { encrypt } from './v2.js';

const USER_SECRETS = ['password', 'api_key', 'oauth_token', 'secret_key'];

/** Encrypts under `ENCRYPTION_KEY`; writes `v2:`. */
export function encryptString(text: string): string {
  if (typeof text !== 'string') throw new TypeError('The text to encrypt must be a string');
  return encrypt(text, encryptionKeyFromEnvironment());
}

/**
 * Decrypts `v2:` values and Fernet tokens under `ENCRYPTION_KEY`. With a fallback (null is one) a bad key or
 * token gives the fallback instead of an error.
 *
 * @throws TypeError for a token that is not a string; Error "Failed to decrypt data" or "Invalid encryption key"
 */
export function decryptString<F extends string | null = never>(token: string, fallback?: F): string | F {
  if (typeof token !== 'string') throw new TypeError('The token to decrypt must be a string');
  try {
    return openEarlierValue(token, encryptionKeyFromEnvironment());
  } catch (error) {
    if (fallback === undefined) throw error;
    return fallback;
  }
}

/**
 * A copy of the record in which each of `fields` that is set (neither null nor empty) became
 * `encrypted_<field>`, encrypted under `ENCRYPTION_KEY`; the plaintext is gone, the rest is as it was.
 */
export function encryptUserSecrets(
  record: Readonly<Record<string, unknown>>,
  fields: readonly string[] = USER_SECRETS,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...record };
  for (const field of fields) {
    const value = record[field];
    if (value === undefined || value === null || value === '') continue;
    result[`encrypted_${field}`] = encryptString(value as string);
    delete result[field];
  }
  return result;
}
