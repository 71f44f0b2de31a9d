import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'okt';
/** Base62 digits that hold 128, 256 and 32 bits. */
const [ID, SECRET, CHECK] = [22, 43, 6];
const SHAPE = new RegExp(`^${PREFIX}_([0-9A-Za-z]{${ID}})_([0-9A-Za-z]{${SECRET}})_([0-9A-Za-z]{${CHECK}})$`);

/** An access token, taken apart. */
export interface TokenParts {
  /** The UUID of its row. */
  id: string;
  /** SHA-256 in hex of the token without its checksum: what is stored of a secret of 256 random bits. */
  hash: string;
}

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = `${DIGITS[Number(rest % 62n)]}${text}`;
  return text;
}

const valueOf = (text: string) =>
  [...text].reduce((sum, digit) => sum * 62n + BigInt(DIGITS.indexOf(digit)), 0n);
const checkOf = (text: string) => base62(BigInt(crc32(text)), CHECK);
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** 256 random bits, as a token holds them. */
export function newTokenSecret(): string {
  return base62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET);
}

/**
 * `okt_<id>_<secret>_<crc>`: the id of a row, 256 random bits and the CRC-32 of all before it, each in base62. By prefix
 * and checksum a scanner of source code knows one without asking anybody.
 */
export function accessToken(id: string, secret: string): TokenParts & { text: string } {
  const text = `${PREFIX}_${base62(BigInt(`0x${id.replaceAll('-', '')}`), ID)}_${secret}`;
  return { id, hash: hashOf(text), text: `${text}_${checkOf(text)}` };
}

/** Undefined for what is no token: another shape, or a checksum that does not fit. */
export function parseAccessToken(token: string): TokenParts | undefined {
  const [, id = '', secret = '', check = ''] = SHAPE.exec(token) ?? [];
  const text = `${PREFIX}_${id}_${secret}`;
  if (id === '' || checkOf(text) !== check) return undefined;
  const hex = valueOf(id).toString(16).padStart(32, '0');
  if (hex.length > 32) return undefined;
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), hash: hashOf(text) };
}
