import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import { decodeBase64url } from './base64url.js';
import { hmacSha256 } from './derivation.js';
import { FormatError } from './format-error.js';

const VERSION = 0x80;
const HEADER_BYTES = 1 + 8 + 16;
const BLOCK_BYTES = 16;
const MAC_BYTES = 32;
const CLOCK_SKEW_SECONDS = 60;

/** Tokens older than `ttlSeconds` at `now`, or more than a minute ahead of it, are refused. */
export interface TimeLimit {
  ttlSeconds: number;
  now: Date;
}

function checkAge(token: Buffer, { ttlSeconds, now }: TimeLimit): void {
  const made = Number(token.readBigUInt64BE(1));
  const current = now.getTime() / 1000;
  if (made + ttlSeconds < current || made > current + CLOCK_SKEW_SECONDS)
    throw new FormatError('Out of its time');
}

/**
 * Opens a Fernet token (github.com/fernet/spec): version 0x80 | time 8 | IV 16 | AES-128-CBC | HMAC-SHA256 32, in
 * padded url-safe base64. The first 16 of the key's 32 bytes sign, the others encrypt. Only read, never written.
 *
 * @throws FormatError when it is malformed, not authentic, or out of its time
 */
export function openFernet(key: Uint8Array, text: string, limit?: TimeLimit): Buffer {
  if (key.length !== 32) throw new TypeError('A Fernet key is 32 bytes');
  const token = decodeBase64url(text, 'required');
  const end = token.length - MAC_BYTES;
  const length = end - HEADER_BYTES;
  if (token[0] !== VERSION || length < BLOCK_BYTES || length % BLOCK_BYTES !== 0)
    throw new FormatError('Not a Fernet token');
  const mac = hmacSha256(key.subarray(0, 16), token.subarray(0, end));
  if (!timingSafeEqual(mac, token.subarray(end))) throw new FormatError('Not authentic');
  if (limit) checkAge(token, limit);
  const decipher = createDecipheriv('aes-128-cbc', key.subarray(16), token.subarray(9, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(token.subarray(HEADER_BYTES, end)), decipher.final()]);
  } catch {
    throw new FormatError('Wrong padding');
  }
}
