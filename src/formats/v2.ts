import { randomBytes } from 'node:crypto';
import { openBytes, sealBytes } from './aes-gcm.js';
import { decodeBase64url, encodeBase64url, padBase64url } from './base64url.js';
import { KEY_BYTES } from './key-text.js';
import { decodeUtf8, encodeUtf8 } from './utf8.js';

/** 32 bytes, or the same as 64 hex digits. */
export type CompatKey = Uint8Array | string;

const PREFIX = 'v2:';
const NO_DATA = Buffer.alloc(0);

/** A fresh key for `ENCRYPTION_KEY`: 64 hex digits. */
export function generateEncryptionKey(): string {
  return randomBytes(KEY_BYTES).toString('hex');
}

/** @throws Error, in the wording that users search for */
export function keyBytes(key: CompatKey): Uint8Array {
  if (typeof key === 'string' && /^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex');
  if (key instanceof Uint8Array && key.length === KEY_BYTES) return key;
  throw new Error('Invalid encryption key: Encryption key must be 32 bytes (64 hexadecimal digits)');
}

/** `v2:` + padded url-safe base64 of nonce 12 | ciphertext | tag 16: AES-256-GCM without associated data. */
export function encrypt(text: string, key: CompatKey): string {
  if (typeof text !== 'string') throw new TypeError('The text to encrypt must be a string');
  return PREFIX + padBase64url(encodeBase64url(sealBytes(keyBytes(key), NO_DATA, encodeUtf8(text))));
}

/**
 * Opens what {@link encrypt} wrote, with or without prefix and padding.
 *
 * @throws Error "Failed to decrypt data" when it is too short, malformed, or not authentic
 */
export function decrypt(token: string, key: CompatKey): string {
  if (typeof token !== 'string') throw new TypeError('The token to decrypt must be a string');
  const bytes = keyBytes(key);
  const text = token.startsWith(PREFIX) ? token.slice(PREFIX.length) : token;
  try {
    return decodeUtf8(openBytes(bytes, NO_DATA, decodeBase64url(text, 'optional')));
  } catch (cause) {
    throw new Error('Failed to decrypt data', { cause });
  }
}
