import { createHash } from 'node:crypto';
import { decodeBase64url } from './base64url.js';
import { FormatError } from './format-error.js';

export const KEY_BYTES = 32;

/** SHA-256 of the bytes of keys that stand in public documents of earlier systems: everybody has them. */
const PUBLISHED = ['bb76fb210adecacb61cd9ee26591cba1dfd1ca30c26d213367836c334fc54838'];

/**
 * A key as it is written down: 32 bytes as url-safe base64, with or without padding, or as 64 hex digits.
 *
 * @throws FormatError for anything else; the message never holds the text
 */
export function parseKeyText(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const key = decodeBase64url(text, 'optional');
  if (key.length !== KEY_BYTES) throw new FormatError('A key is 32 bytes');
  return key;
}

export function isPublishedKey(key: Uint8Array, published: readonly string[] = PUBLISHED): boolean {
  return published.includes(createHash('sha256').update(key).digest('hex'));
}
