import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { FormatError } from './format-error.js';

/** 32 bytes. */
export type AesKey = Uint8Array | KeyObject;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const OPTIONS = { authTagLength: TAG_BYTES };

/**
 * AES-256-GCM (NIST SP 800-38D) under a given nonce of 12 bytes: ciphertext | tag. A nonce must never come twice
 * under one key: everything but the test vectors calls {@link sealBytes}.
 */
export function encryptGcm(key: AesKey, nonce: Uint8Array, data: Uint8Array, plaintext: Uint8Array): Buffer {
  if (nonce.length !== NONCE_BYTES) throw new TypeError('A nonce is 12 bytes');
  const cipher = createCipheriv(CIPHER, key, nonce, OPTIONS).setAAD(data);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens ciphertext | tag.
 *
 * @throws FormatError when it is too short or not authentic
 */
export function decryptGcm(key: AesKey, nonce: Uint8Array, data: Uint8Array, sealed: Uint8Array): Buffer {
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) throw new FormatError('Too short');
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonce, OPTIONS)
    .setAAD(data)
    .setAuthTag(sealed.subarray(end));
  // GCM gives everything here and nothing in final(): no second copy of the plaintext is made.
  const plaintext = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
  } catch {
    plaintext.fill(0);
    throw new FormatError('Not authentic');
  }
  return plaintext;
}

/** nonce | ciphertext | tag, under a random nonce; `data` is authenticated with it and not stored. */
export function sealBytes(key: AesKey, data: Uint8Array, plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  return Buffer.concat([nonce, encryptGcm(key, nonce, data, plaintext)]);
}

/** @throws FormatError when it is too short or not authentic */
export function openBytes(key: AesKey, data: Uint8Array, sealed: Uint8Array): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new FormatError('Too short');
  return decryptGcm(key, sealed.subarray(0, NONCE_BYTES), data, sealed.subarray(NONCE_BYTES));
}
