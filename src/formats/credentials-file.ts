import { pbkdf2Sha256 } from './derivation.js';
import { openFernet } from './fernet.js';
import { FormatError } from './format-error.js';
import { parseKeyText } from './key-text.js';
import { decodeUtf8, encodeUtf8 } from './utf8.js';

const ROUNDS = 100_000;

/** A credential in a `.credentials` file of version 1. */
export interface EarlierCredential {
  value: string;
  type?: string;
  service?: string | null;
  metadata?: Record<string, unknown>;
}

/** Whether a text is a `.credentials` file of version 1: a Fernet token. */
export const isCredentialsFile = (text: string) => text.startsWith('gAAAA');

/** The keys that the earlier programs may have made of what was in their environment. */
function* keysFrom(secret: string, salt: string | undefined): Generator<Buffer> {
  try {
    yield parseKeyText(secret);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  if (salt === undefined) return;
  yield pbkdf2Sha256(encodeUtf8(secret), salt, ROUNDS);
  if (/^(?:[0-9a-f]{2})+$/i.test(secret)) yield pbkdf2Sha256(Buffer.from(secret, 'hex'), salt, ROUNDS);
}

/**
 * Reads a `.credentials` file of version 1: a Fernet token over JSON, `{name: {value, type, service, metadata?}}`. Its key is
 * what stood in the environment (64 hex digits, or url-safe base64 of 32 bytes), or comes from that by
 * PBKDF2-HMAC-SHA256 with 100,000 rounds over its text, or over the bytes of its hex digits.
 *
 * @param salt of PBKDF2; without one the key itself is tried alone
 * @throws FormatError when no key opens it, or it holds something else
 */
export function openCredentialsFile(
  text: string,
  secret: string,
  salt?: string,
): Record<string, EarlierCredential> {
  for (const key of keysFrom(secret, salt)) {
    let plaintext: string;
    try {
      plaintext = decodeUtf8(openFernet(key, text.trim()));
    } catch (error) {
      if (error instanceof FormatError) continue;
      throw error;
    }
    return parsed(plaintext);
  }
  throw new FormatError('No key opens it');
}

function parsed(plaintext: string): Record<string, EarlierCredential> {
  let value: unknown;
  try {
    value = JSON.parse(plaintext);
  } catch {
    throw new FormatError('It holds no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError('It holds no credentials by name');
  return value as Record<string, EarlierCredential>;
}
