import { FormatError } from './format-error.js';

/** Whether `=` must be absent, must fill up to a multiple of four, or may do either. */
export type Padding = 'none' | 'required' | 'optional';

/** RFC 4648 section 5, without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

export function padBase64url(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/**
 * Decodes one spelling only: `Buffer.from` skips foreign characters, stops at `=`, reads `+` and `/` too and
 * ignores stray bits at the end, so that many texts would stand for the same bytes.
 *
 * @throws FormatError for any other text
 */
export function decodeBase64url(text: string, padding: Padding = 'none'): Buffer {
  const bare = padding === 'none' ? text : text.replace(/={1,2}$/, '');
  const bytes = Buffer.from(bare, 'base64url');
  const spelled = text === padBase64url(bare) || (padding !== 'required' && text === bare);
  if (!spelled || encodeBase64url(bytes) !== bare) throw new FormatError('Not canonical base64url');
  return bytes;
}
