import { createSecretKey, type KeyObject } from 'node:crypto';
import { openBytes, sealBytes } from '../../../formats/aes-gcm.js';
import { decodeBase64url, encodeBase64url } from '../../../formats/base64url.js';
import { hkdfSha256, hmacSha256 } from '../../../formats/derivation.js';
import { isPublishedKey, parseKeyText } from '../../../formats/key-text.js';
import { lengthPrefixed } from '../../../formats/length-prefixed.js';
import { MasterKeyError } from './boot-errors.js';

/** A master key (KEK). Its bytes stand outside of JavaScript's memory and do not leave this class. */
export class MasterKey {
  /** `kek_id`: the first 16 hex digits of HMAC-SHA256(KEK, "kek-id"). */
  readonly id: string;
  readonly #key: KeyObject;

  /** @param bytes 32 bytes; wiped here */
  constructor(bytes: Buffer) {
    this.#key = createSecretKey(bytes);
    bytes.fill(0);
    this.id = hmacSha256(this.#key, 'kek-id').toString('hex').slice(0, 16);
  }

  /**
   * Reads a key as it is written down: 32 bytes as url-safe base64 or 64 hex digits.
   *
   * @param setting its name in the error
   * @throws MasterKeyError for anything else, and for keys that are printed in public documents
   */
  static parse(text: string, setting: string): MasterKey {
    let bytes: Buffer;
    try {
      bytes = parseKeyText(text);
    } catch {
      throw new MasterKeyError(`${setting} must be 32 bytes as url-safe base64 or as 64 hex digits`);
    }
    if (isPublishedKey(bytes))
      throw new MasterKeyError(`${setting} is a key that is printed in public documents: make a new one`);
    return new MasterKey(bytes);
  }

  /** Seals bytes, bound to their context and to this key: base64url(nonce | ciphertext | tag). */
  wrap(context: readonly string[], bytes: Uint8Array): string {
    return encodeBase64url(sealBytes(this.#key, this.associatedData(context), bytes));
  }

  /** @throws FormatError when it was altered, or wrapped for another context or by another key */
  unwrap(context: readonly string[], wrapped: string): Buffer {
    return openBytes(this.#key, this.associatedData(context), decodeBase64url(wrapped));
  }

  /** A key of 32 bytes for a purpose outside of the databases (HKDF-SHA256), such as a backup file. */
  derive(purpose: string, salt: Uint8Array): Buffer {
    return hkdfSha256(this.#key, salt, purpose);
  }

  private associatedData(context: readonly string[]): Buffer {
    return lengthPrefixed([...context, this.id]);
  }
}
