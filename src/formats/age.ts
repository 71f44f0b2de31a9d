import {
  createCipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt as scryptWithCallback,
  type ScryptOptions,
} from 'node:crypto';
import { promisify } from 'node:util';
import { streamNonce } from './stream-nonce.js';

const scrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scryptWithCallback);

export const VERSION = 'age-encryption.org/v1';
const LABEL = 'age-encryption.org/v1/scrypt';
/** Bytes of plaintext under one tag. */
export const CHUNK = 65_536;
export const MORE = 0;
export const LAST = 1;
/** Each guess costs 128 MiB. */
const LOG_N = 17;
export const TAG = { authTagLength: 16 };

export const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
export const derived = (key: Buffer, salt: Buffer, info: string) =>
  Buffer.from(hkdfSync('sha256', key, salt, info, 32));

/** ChaCha20-Poly1305 (RFC 8439): ciphertext | tag. */
function sealed(key: Buffer, nonce: Buffer, plaintext: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, TAG);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** What wraps the key of a file: each guess costs 2^logN times a KiB, and time alike. */
export function wrappingKey(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  const cost = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) };
  return scrypt(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, cost);
}

async function header(fileKey: Buffer, passphrase: string, logN: number): Promise<Buffer> {
  const salt = randomBytes(16);
  const wrapping = await wrappingKey(passphrase, salt, logN);
  const body = base64(sealed(wrapping, Buffer.alloc(12), fileKey));
  const text = `${VERSION}\n-> scrypt ${base64(salt)} ${logN}\n${body}\n---`;
  const mac = createHmac('sha256', derived(fileKey, Buffer.alloc(0), 'header'))
    .update(text)
    .digest();
  return Buffer.from(`${text} ${base64(mac)}\n`);
}

/**
 * A file of age under a passphrase (C2SP age v1: recipient scrypt, payload STREAM of ChaCha20-Poly1305), which
 * `age -d` opens: what is cut off anywhere is known by its missing end.
 *
 * @param pieces of any size; they are wiped
 * @param logN the cost of a guess, as a power of two: 1 KiB times that, and time alike
 */
export async function* ageFile(
  passphrase: string,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  logN = LOG_N,
): AsyncGenerator<Buffer> {
  const fileKey = randomBytes(16);
  yield await header(fileKey, passphrase, logN);
  const nonce = randomBytes(16);
  const key = derived(fileKey, nonce, 'payload');
  fileKey.fill(0);
  yield nonce;
  let waiting = Buffer.alloc(0);
  let count = 0;
  for await (const piece of pieces) {
    const whole = Buffer.concat([waiting, piece]);
    waiting.fill(0);
    piece.fill(0);
    // The last chunk is marked as such, and is not empty: so a full one waits for what comes after it.
    let from = 0;
    for (; whole.length - from > CHUNK; from += CHUNK)
      yield sealed(key, streamNonce(count++, MORE), whole.subarray(from, from + CHUNK));
    waiting = Buffer.from(whole.subarray(from));
    whole.fill(0);
  }
  yield sealed(key, streamNonce(count, LAST), waiting);
  waiting.fill(0);
  key.fill(0);
}
