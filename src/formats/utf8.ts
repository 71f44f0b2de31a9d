import { FormatError } from './format-error.js';

// ignoreBOM keeps a byte order mark, which is part of the value; fatal refuses what is not UTF-8.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text as UTF-8.
 *
 * @throws TypeError for half a surrogate pair, which UTF-8 cannot hold and Node would replace silently
 */
export function encodeUtf8(text: string): Buffer {
  requireWellFormed(text);
  return Buffer.from(text, 'utf8');
}

/**
 * The number of bytes of {@link encodeUtf8}.
 *
 * @throws TypeError for half a surrogate pair
 */
export function utf8Length(text: string): number {
  requireWellFormed(text);
  return Buffer.byteLength(text, 'utf8');
}

function requireWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new TypeError('Text holds half a surrogate pair');
}

/** @throws FormatError for bytes that are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FormatError('Not UTF-8');
  }
}
