import { FormatError } from './format-error.js';
import type { KeyFacts } from './key-facts.js';

const BEGIN = '-----BEGIN PGP PRIVATE KEY BLOCK-----';
const END = '-----END PGP PRIVATE KEY BLOCK-----';
const SECRET_KEY = 5;
/** Public-key algorithms of a primary key (RFC 9580, 9.1). */
const ALGORITHMS: Record<number, string> = {
  1: 'RSA', 3: 'RSA', 17: 'DSA', 19: 'ECDSA', 22: 'EdDSA', 27: 'Ed25519', 28: 'Ed448',
}; // prettier-ignore

const damaged = () => new FormatError('The OpenPGP key is damaged');

/** Whether a text is an armoured private key of OpenPGP. */
export function isOpenpgpKey(text: string): boolean {
  return text.trimStart().startsWith(BEGIN);
}

/** CRC-24 of the armour (RFC 9580, 6.1.1). */
function crc24(bytes: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x800000 ? 0x1864cfb : 0);
    crc &= 0xffffff;
  }
  return crc;
}

/** The bytes of an armour (RFC 9580, 6.2): headers, an empty line, base64, and perhaps `=` with a checksum. */
function dearmour(text: string): Buffer {
  const lines = text.trim().split(/\r?\n/).map(line => line.trimEnd()); // prettier-ignore
  const blank = lines.indexOf('');
  if (lines.at(-1) !== END || blank < 0) throw damaged();
  const data = lines.slice(blank + 1, -1).filter(line => line !== '');
  const checksum = data.at(-1)?.startsWith('=') ? data.pop() : undefined;
  const base64 = data.join('');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) throw damaged();
  const bytes = Buffer.from(base64, 'base64');
  if (checksum !== undefined && crc24(bytes) !== Buffer.from(checksum.slice(1), 'base64').readUIntBE(0, 3)) throw damaged(); // prettier-ignore
  return bytes;
}

interface Packet {
  type: number;
  start: number;
  end: number;
}

/** The packet that begins at `at` (RFC 9580, 4.2); keys have no packets of partial or unknown length. */
function packetAt(bytes: Buffer, at: number): Packet {
  const head = bytes.readUInt8(at);
  const first = bytes.readUInt8(at + 1);
  const packet = (type: number, start: number, length: number) => ({ type, start, end: start + length });
  if ((head & 0xc0) === 0xc0) {
    const type = head & 0x3f;
    if (first < 192) return packet(type, at + 2, first);
    if (first < 224) return packet(type, at + 3, ((first - 192) << 8) + bytes.readUInt8(at + 2) + 192);
    if (first === 255) return packet(type, at + 6, bytes.readUInt32BE(at + 2));
  } else if ((head & 0x80) !== 0 && (head & 3) !== 3) {
    const size = 1 << (head & 3);
    return packet((head >> 2) & 0xf, at + 1 + size, bytes.readUIntBE(at + 1, size));
  }
  throw damaged();
}

/**
 * What is public of an OpenPGP private key: its algorithm. Its armour, checksum and packets are looked at, and nothing
 * is decrypted.
 *
 * @throws FormatError when it is damaged, or begins with something else than a secret key
 */
export function openpgpFacts(text: string): KeyFacts {
  let primary: Packet | undefined;
  try {
    const bytes = dearmour(text);
    for (let at = 0; at < bytes.length;) {
      const packet = packetAt(bytes, at);
      primary ??= packet;
      at = packet.end;
      if (at > bytes.length) throw damaged();
    }
    if (primary?.type !== SECRET_KEY || primary.end - primary.start < 6) throw damaged();
    // Version, four bytes of time, algorithm.
    return { algorithm: ALGORITHMS[bytes.readUInt8(primary.start + 5)] ?? null, fingerprint: null };
  } catch {
    throw damaged();
  }
}
