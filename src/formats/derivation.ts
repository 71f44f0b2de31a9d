import { createHmac, hkdfSync, type KeyObject, pbkdf2Sync } from 'node:crypto';

type Bytes = Uint8Array | string;

/** HMAC-SHA256 (RFC 2104), 32 bytes. */
export function hmacSha256(key: Uint8Array | KeyObject, data: Bytes): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** HKDF-SHA256 (RFC 5869) of `length` bytes, at most 8160. */
export function hkdfSha256(key: Uint8Array | KeyObject, salt: Bytes, info: Bytes, length = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, length));
}

/** PBKDF2-HMAC-SHA256 (RFC 8018 section 5.2). */
export function pbkdf2Sha256(secret: Bytes, salt: Bytes, rounds: number, length = 32): Buffer {
  return pbkdf2Sync(secret, salt, rounds, length, 'sha256');
}
