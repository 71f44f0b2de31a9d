import { openBytes, sealBytes } from './aes-gcm.js';
import { decodeBase64url, encodeBase64url } from './base64url.js';
import { FormatError } from './format-error.js';
import { lengthPrefixed } from './length-prefixed.js';
import { decodeUtf8, encodeUtf8 } from './utf8.js';

/** Where a sealed value stands; it opens nowhere else. */
export interface Place {
  table: string;
  row_id: string;
  field: string;
  /** Version of the secret, from 1. */
  version: number;
}

/** A data key by name: its id (UUID in lower case) and its version, from 1. */
export interface KeyRef {
  id: string;
  version: number;
}

/** A sealed value taken apart: the key that it names, and nonce | ciphertext | tag. */
export interface Sealed {
  key: KeyRef;
  bytes: Buffer;
}

const KEY = String.raw`([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([1-9]\d{0,9})`;
const V3_START = new RegExp(`^v3\\.${KEY}\\.$`);
const V3 = new RegExp(`^v3\\.${KEY}\\.([A-Za-z0-9_-]{38,})$`);

function associatedData(place: Place, key: KeyRef): Buffer {
  const { table, row_id, field, version } = place;
  return lengthPrefixed(['opskeep/v3', table, row_id, field, String(version), key.id, String(key.version)]);
}

/**
 * Seals text for one place: `v3.<key id>.<key version>.<base64url(nonce 12 | ciphertext | tag 16)>`, AES-256-GCM,
 * with the place and the key's name as associated data.
 */
export function seal(key: Uint8Array, place: Place, ref: KeyRef, plaintext: string): string {
  // A wiped key works as well as any other: better no value than one that everybody opens.
  if (key.every(byte => byte === 0)) throw new TypeError('The key was wiped');
  const start = `v3.${ref.id}.${ref.version}.`;
  if (!V3_START.test(start))
    throw new TypeError('A key is named by a UUID in lower case and a version from 1');
  return start + encodeBase64url(sealBytes(key, associatedData(place, ref), encodeUtf8(plaintext)));
}

/**
 * @throws FormatError for everything but v3: earlier formats are read by the import alone
 */
export function parseSealed(sealed: string): Sealed {
  const [, id, version, text] = V3.exec(sealed) ?? [];
  if (!id || !version || !text) throw new FormatError('Not a sealed value');
  return { key: { id, version: Number(version) }, bytes: decodeBase64url(text) };
}

/** @throws FormatError when it was altered, moved, or sealed under another key */
export function open(key: Uint8Array, place: Place, sealed: string | Sealed): string {
  const { key: ref, bytes } = typeof sealed === 'string' ? parseSealed(sealed) : sealed;
  const plaintext = openBytes(key, associatedData(place, ref), bytes);
  try {
    return decodeUtf8(plaintext);
  } finally {
    plaintext.fill(0);
  }
}
