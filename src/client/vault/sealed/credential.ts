import { openBytes, sealBytes } from '../../../formats/aes-gcm.js';
import { decodeBase64url, encodeBase64url } from '../../../formats/base64url.js';
import { lengthPrefixed } from '../../../formats/length-prefixed.js';
import { decodeUtf8, encodeUtf8, utf8Length } from '../../../formats/utf8.js';
import { UsageError } from '../../cli/errors.js';
import type { EntryLine } from './sealed-file.js';

/** What is said of a credential, without its value. */
export interface CredentialFacts {
  name: string;
  /** `api_key`, `access_token`, `password`, `connection_string`, `secret`, or another of that form. */
  type: string;
  service: string | null;
  metadata: Record<string, unknown>;
  /** In ISO 8601. */
  expires_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface Credential extends CredentialFacts {
  value: string;
}

const MOST_OF_NAME = 255;
const MOST_OF_VALUE = 64 << 10;
const MOST_OF_METADATA = 64 << 10;

/** @throws UsageError for a name that no entry can have */
export function requireName(name: string): string {
  if (typeof name !== 'string' || name === '' || name.length > MOST_OF_NAME || !name.isWellFormed())
    throw new UsageError(`A name has 1 to ${MOST_OF_NAME} characters.`);
  if (/[\p{Cc}\u2028\u2029]/u.test(name) || name.trim() !== name)
    throw new UsageError('A name has no control characters, and no blanks at its ends.');
  return name;
}

/** @throws UsageError for what cannot be stored */
export function requireCredential(one: Credential): Credential {
  requireName(one.name);
  const { type, value, service, metadata, expires_at } = one;
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(type))
    throw new UsageError('A type is a word of lower-case letters, digits and _, such as api_key.');
  if (typeof value !== 'string' || !value.isWellFormed() || value === '' || utf8Length(value) > MOST_OF_VALUE)
    throw new UsageError('A value is a text of 1 byte to 64 KiB.');
  if (service !== null && (typeof service !== 'string' || service === '' || service.length > MOST_OF_NAME))
    throw new UsageError(`A service has 1 to ${MOST_OF_NAME} characters.`);
  if (JSON.stringify(metadata).length > MOST_OF_METADATA)
    throw new UsageError('Metadata has at most 64 KiB.');
  if (expires_at !== null && Number.isNaN(Date.parse(expires_at)))
    throw new UsageError('The end is a date or a time in ISO 8601, such as 2030-12-31.');
  return one;
}

const boundTo = (vault: string, { name, type, sequence }: Omit<EntryLine, 'sealed'>) =>
  lengthPrefixed(['opskeep/vault/2', vault, name, type, String(sequence)]);

/** @param vault the id of the vault, outside of which it does not open */
export function sealCredential(key: Uint8Array, vault: string, one: Credential, sequence: number): EntryLine {
  const { name, type, ...inside } = one;
  const plaintext = encodeUtf8(JSON.stringify(inside));
  try {
    const bytes = sealBytes(key, boundTo(vault, { name, type, sequence }), plaintext);
    return { name, type, sequence, sealed: encodeBase64url(bytes) };
  } finally {
    plaintext.fill(0);
  }
}

/** @throws FormatError when it was altered, or belongs elsewhere */
export function openCredential(key: Uint8Array, vault: string, line: EntryLine): Credential {
  const plaintext = openBytes(key, boundTo(vault, line), decodeBase64url(line.sealed));
  try {
    const inside = JSON.parse(decodeUtf8(plaintext)) as Omit<Credential, 'name' | 'type'>;
    return { name: line.name, type: line.type, ...inside };
  } finally {
    plaintext.fill(0);
  }
}

/** A credential without its value. */
export function factsOf({ value: _, ...facts }: Credential): CredentialFacts {
  return facts;
}
