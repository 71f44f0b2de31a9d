import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { FormatError } from './format-error.js';
import { algorithmOf, type KeyFacts, sshBlob, sshFingerprint } from './key-facts.js';
import { isOpenpgpKey, openpgpFacts } from './openpgp-key.js';
import { type PemBlock, pemBlocks } from './pem.js';
import { opensshFacts, puttyFacts } from './ssh-key.js';

const UNKNOWN: KeyFacts = { algorithm: null, fingerprint: null };

/**
 * Algorithms whose public half is there or costs little to make (object identifiers in DER). Of a DSA or DH key it
 * is a power modulo a number of any size, which would hold up everybody.
 */
const READABLE = [
  '2a864886f70d010101', // rsaEncryption
  '2a864886f70d01010a', // rsassaPss
  '2a8648ce3d0201', // ecPublicKey
  '2b656e',
  '2b656f',
  '2b6570',
  '2b6571', // X25519, X448, Ed25519, Ed448
];

/** The content of the DER element that begins at `at` and has this tag. */
function content(bytes: Buffer, at: number, tag: number): { start: number; end: number } {
  const length = bytes[at + 1] ?? 0x80;
  const size = length < 0x80 ? 0 : length - 0x80;
  if (bytes[at] !== tag || length === 0x80 || size > 4) throw new FormatError('Not a PKCS #8 key');
  const start = at + 2 + size;
  return { start, end: start + (size === 0 ? length : bytes.readUIntBE(at + 2, size)) };
}

/** The object identifier of a PKCS #8 key (RFC 5208): SEQUENCE { INTEGER, SEQUENCE { OBJECT IDENTIFIER … } … }. */
function algorithmIdentifier(bytes: Buffer): string {
  const version = content(bytes, content(bytes, 0, 0x30).start, 0x02);
  const { start, end } = content(bytes, content(bytes, version.end, 0x30).start, 0x06);
  return bytes.subarray(start, end).toString('hex');
}

/**
 * An encrypted PKCS #8 key (RFC 5958): SEQUENCE { SEQUENCE { OBJECT IDENTIFIER … }, OCTET STRING }, and nothing after
 * it. It is not opened: that takes as long as whoever wrote it wanted.
 */
function requireEncrypted(bytes: Buffer): void {
  const whole = content(bytes, 0, 0x30);
  const algorithm = content(bytes, whole.start, 0x30);
  content(bytes, algorithm.start, 0x06);
  const data = content(bytes, algorithm.end, 0x04);
  if (whole.end !== bytes.length || data.end !== whole.end || data.start === data.end)
    throw new FormatError('The encrypted private key is damaged');
}

function factsOf(key: KeyObject): KeyFacts {
  const open = createPublicKey(key);
  const blob = sshBlob(open);
  return { algorithm: algorithmOf(open), fingerprint: blob ? sshFingerprint(blob) : null };
}

function blockFacts({ label, headers, bytes }: PemBlock): KeyFacts | undefined {
  const encrypted = headers.includes('ENCRYPTED');
  switch (label) {
    case 'OPENSSH PRIVATE KEY':
      return opensshFacts(bytes);
    case 'PRIVATE KEY':
      return READABLE.includes(algorithmIdentifier(bytes))
        ? factsOf(createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }))
        : UNKNOWN;
    case 'RSA PRIVATE KEY':
      return encrypted
        ? { ...UNKNOWN, algorithm: 'RSA' }
        : factsOf(createPrivateKey({ key: bytes, format: 'der', type: 'pkcs1' }));
    case 'EC PRIVATE KEY':
      return encrypted
        ? { ...UNKNOWN, algorithm: 'EC' }
        : factsOf(createPrivateKey({ key: bytes, format: 'der', type: 'sec1' }));
    case 'DSA PRIVATE KEY':
      return { ...UNKNOWN, algorithm: 'DSA' };
    case 'ENCRYPTED PRIVATE KEY':
      requireEncrypted(bytes);
      return UNKNOWN;
    default:
      return undefined;
  }
}

/** A text that is a public key where a private one is meant. */
export function isPublicKey(text: string): boolean {
  return /^\s*(?:(?:ssh|ecdsa|sk)-[a-z0-9@.-]{1,60} |-----BEGIN (?:RSA |SSH2 )?PUBLIC KEY-----)/.test(text);
}

/**
 * What is public of a private key: PEM (PKCS #8, PKCS #1, SEC 1), OpenSSH, PuTTY or OpenPGP. Nothing is decrypted.
 * Takes milliseconds, whatever the text.
 *
 * @throws FormatError when it is none of them, or damaged
 */
export function privateKeyFacts(text: string): KeyFacts {
  if (/^\s*PuTTY-User-Key-File-[123]:/.test(text)) return puttyFacts(text);
  if (isOpenpgpKey(text)) return openpgpFacts(text);
  try {
    for (const block of pemBlocks(text)) {
      const facts = blockFacts(block);
      if (facts) return facts;
    }
  } catch (error) {
    // What OpenSSL says could quote a part of the key.
    throw error instanceof FormatError ? error : new FormatError('The private key cannot be read');
  }
  throw new FormatError('Not a private key');
}
