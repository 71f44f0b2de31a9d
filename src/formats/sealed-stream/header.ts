import { createHash, randomBytes } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from '../base64url.js';
import { FormatError } from '../format-error.js';

const FIRST_LINE = 'opskeep-sealed 1';
const SALT_BYTES = 32;
/** The most bytes of a header; a file that has no end of it in there is none of ours. */
export const MOST_OF_HEADER = 64 * 1024;

/** What stands readable before the sealed chunks; the chunks are bound to each byte of it. */
export interface StreamHeader {
  /** What is in it: `backup`. */
  kind: string;
  /** Of the key's derivation. */
  salt: Buffer;
  /** What may be read without the key. */
  facts: Record<string, unknown>;
  /** The three lines as they stand in the file. */
  bytes: Buffer;
}

const checksum = (text: string) => createHash('sha256').update(text).digest('hex');

/** A header with a new salt: a line that names the format, one of JSON, and the SHA-256 of both. */
export function newHeader(kind: string, facts: Record<string, unknown>): StreamHeader {
  const salt = randomBytes(SALT_BYTES);
  const text = `${FIRST_LINE}\n${JSON.stringify({ kind, salt: encodeBase64url(salt), ...facts })}\n`;
  return { kind, salt, facts, bytes: Buffer.from(`${text}${checksum(text)}\n`) };
}

/**
 * The header at the beginning of `start`, which has all of it. Whoever can write the file can write a header that reads
 * well, too: only the key tells whether it is true.
 *
 * @throws FormatError for what is no such file, and for a header that is damaged
 */
export function readHeader(start: Buffer): StreamHeader {
  if (!start.subarray(0, FIRST_LINE.length + 1).equals(Buffer.from(`${FIRST_LINE}\n`)))
    throw new FormatError('it does not begin as a sealed file of Opskeep does');
  const second = start.indexOf('\n', FIRST_LINE.length + 1);
  const third = second < 0 ? -1 : start.indexOf('\n', second + 1);
  if (third < 0) throw new FormatError('its header has no end');
  const bytes = Buffer.from(start.subarray(0, third + 1));
  const text = bytes.toString('utf8', 0, second + 1);
  if (bytes.toString('latin1', second + 1, third) !== checksum(text))
    throw new FormatError('its header is damaged');
  return { ...parsed(text.slice(FIRST_LINE.length + 1)), bytes };
}

function parsed(json: string): Omit<StreamHeader, 'bytes'> {
  try {
    const { kind, salt, ...facts } = JSON.parse(json) as Record<string, unknown>;
    const decoded = decodeBase64url(String(salt));
    if (typeof kind === 'string' && decoded.length === SALT_BYTES) return { kind, salt: decoded, facts };
  } catch {
    // Below.
  }
  throw new FormatError('its header says nothing that is understood');
}
