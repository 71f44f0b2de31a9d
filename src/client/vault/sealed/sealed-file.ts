import { timingSafeEqual } from 'node:crypto';
import { encodeBase64url } from '../../../formats/base64url.js';
import { hmacSha256 } from '../../../formats/derivation.js';
import type { Header } from './header.js';

// A vault is text: the header, a line of JSON for each entry that begins with its name, and a last line with the counter
// and the MAC (HMAC-SHA256) over everything before it. So one entry is found without reading the others.

/** What the last line says. */
export interface Tail {
  /** Rises with every version of the file. */
  counter: number;
  entries: number;
  /** The highest that an entry was given. */
  sequence: number;
}

/** A line of an entry. The value and what is said of it are sealed; name, type and sequence are bound to that. */
export interface EntryLine {
  name: string;
  type: string;
  /** Rises with every entry that is sealed. */
  sequence: number;
  /** base64url(nonce 12 | ciphertext | tag 16). */
  sealed: string;
}

const BEFORE_MAC = ',"mac":"';
const BEHIND_MAC = '"}\n';
const MAC_LENGTH = 43;
const END_LENGTH = BEFORE_MAC.length + MAC_LENGTH + BEHIND_MAC.length;

const endOf = (body: Buffer, key: Uint8Array) =>
  Buffer.from(`${BEFORE_MAC}${encodeBase64url(hmacSha256(key, body))}${BEHIND_MAC}`);

/** What the last line of an authentic file says; undefined when a byte is not as it was written, or missing. */
export function authenticTail(bytes: Buffer, key: Uint8Array): Tail | undefined {
  const body = bytes.subarray(0, Math.max(0, bytes.length - END_LENGTH));
  const end = bytes.subarray(body.length);
  const expected = endOf(body, key);
  if (end.length !== expected.length || !timingSafeEqual(end, expected)) return undefined;
  return JSON.parse(`${body.toString('utf8', body.lastIndexOf('\n') + 1)}}`) as Tail;
}

/** The MAC of an authentic file: of two with one counter it tells which. */
export const macOf = (bytes: Buffer) =>
  bytes.toString('latin1', bytes.length - MAC_LENGTH - BEHIND_MAC.length, bytes.length - BEHIND_MAC.length);

const startOf = (name: string) => `{"name":${JSON.stringify(name)},`;

/** The line of an entry in an authentic file. JSON has no line ends inside, so what begins a line is a name. */
export function findLine(bytes: Buffer, name: string): EntryLine | undefined {
  const at = bytes.indexOf(`\n${startOf(name)}`);
  if (at === -1) return undefined;
  return JSON.parse(bytes.toString('utf8', at + 1, bytes.indexOf('\n', at + 1))) as EntryLine;
}

/** The lines of all entries of an authentic file, by name, in their order. */
export function allLines(bytes: Buffer): Map<string, string> {
  const lines = bytes.toString('utf8').split('\n').slice(1, -2);
  return new Map(lines.map(line => [(JSON.parse(line) as EntryLine).name, line]));
}

export function lineOf({ name, type, sequence, sealed }: EntryLine): string {
  return `${startOf(name)}${JSON.stringify({ type, sequence, sealed }).slice(1)}`;
}

/** The bytes of a whole file. */
export function sealedFile(
  header: Header,
  lines: Iterable<string>,
  { counter, entries, sequence }: Tail,
  key: Uint8Array,
): Buffer {
  const tail = JSON.stringify({ counter, entries, sequence }).slice(0, -1);
  const body = Buffer.from([JSON.stringify(header), ...lines, tail].join('\n'));
  return Buffer.concat([body, endOf(body, key)]);
}
