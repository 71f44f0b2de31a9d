import { utf8Length } from './utf8.js';

const NULL = 0xffffffff;

/**
 * Fields as one unambiguous sequence of bytes, for associated data and MACs: before each UTF-8 field its length
 * in bytes, 4 bytes big-endian; null is the length 0xffffffff without bytes, and so differs from an empty text.
 *
 * @throws TypeError for half a surrogate pair
 */
export function lengthPrefixed(fields: readonly (string | null)[]): Buffer {
  let total = 0;
  for (const field of fields) total += 4 + (field === null ? 0 : utf8Length(field));
  // In one piece: a verification of the audit does this a million times.
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  for (const field of fields) {
    const length = field === null ? 0 : bytes.write(field, at + 4);
    bytes.writeUInt32BE(field === null ? NULL : length, at);
    at += 4 + length;
  }
  return bytes;
}
