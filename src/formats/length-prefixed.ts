import { encodeUtf8 } from './utf8.js';

const NULL = 0xffffffff;

/**
 * Fields as one unambiguous sequence of bytes, for associated data and MACs: before each UTF-8 field its length
 * in bytes, 4 bytes big-endian; null is the length 0xffffffff without bytes, and so differs from an empty text.
 */
export function lengthPrefixed(fields: readonly (string | null)[]): Buffer {
  const parts: Buffer[] = [];
  for (const field of fields) {
    const bytes = field === null ? null : encodeUtf8(field);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes ? bytes.length : NULL);
    parts.push(length);
    if (bytes) parts.push(bytes);
  }
  return Buffer.concat(parts);
}
