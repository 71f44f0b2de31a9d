import { type AesKey, decryptGcm, encryptGcm } from '../aes-gcm.js';
import { FormatError } from '../format-error.js';
import { streamNonce } from '../stream-nonce.js';

/** Bytes of plaintext under one tag. */
export const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;
const MORE = 0;
const LAST = 1;
/** The nonce of the header's own tag: no chunk has it. */
const HEADER = 255;

/** Pieces of any size → pieces of `size`, and one that is not longer and is the last; nothing is one empty last piece. */
async function* inChunks(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    waiting.push(piece);
    length += piece.length;
    // A full one waits for what comes after it: the last is marked as such.
    if (length <= size) continue;
    let whole = Buffer.concat(waiting);
    for (; whole.length > size; whole = whole.subarray(size))
      yield { bytes: whole.subarray(0, size), isLast: false };
    waiting = [whole];
    length = whole.length;
  }
  yield { bytes: Buffer.concat(waiting), isLast: true };
}

/**
 * STREAM (`streamNonce`) under a key that seals nothing else: a tag of the header, then chunks of 64 KiB (AES-256-GCM,
 * ciphertext | tag), each bound to the header, its place, and whether it is the last.
 */
export async function* sealChunks(
  key: AesKey,
  header: Uint8Array,
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  yield encryptGcm(key, streamNonce(0, HEADER), header, Buffer.alloc(0));
  let count = 0;
  for await (const { bytes, isLast } of inChunks(plain, CHUNK_BYTES))
    yield encryptGcm(key, streamNonce(count++, isLast ? LAST : MORE), header, bytes);
}

/** The key does not fit the header, or the header was altered. */
export class HeaderNotAuthentic extends FormatError {}

/**
 * Opens what `sealChunks` has made: each chunk is given once it is known to be authentic, and the end once it is known
 * to be the end.
 *
 * @param sealed what follows the header
 * @throws HeaderNotAuthentic before anything is given; FormatError that names the chunk which is damaged, missing, put in or moved
 */
export async function* openChunks(
  key: AesKey,
  header: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let count = -1;
  for await (const { bytes, isLast } of inChunks(afterTag(key, header, sealed), SEALED_CHUNK)) {
    count++;
    if (isLast && bytes.length <= TAG_BYTES && count > 0) throw damaged(count, CUT);
    let plain: Buffer;
    try {
      plain = decryptGcm(key, streamNonce(count, isLast ? LAST : MORE), header, bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw damaged(count, isLast ? CUT : 'is damaged');
    }
    yield plain;
  }
}

/** A piece of a chunk is as little authentic as one that was altered. */
const CUT = 'does not end as it was written: it was cut off, or damaged';

const damaged = (count: number, what: string) =>
  new FormatError(`its chunk ${count + 1}, of 64 KiB, ${what}`);

async function* afterTag(
  key: AesKey,
  header: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of sealed) {
    if (!start) {
      yield piece;
      continue;
    }
    start = Buffer.concat([start, piece]);
    if (start.length < TAG_BYTES) continue;
    requireHeader(key, header, start.subarray(0, TAG_BYTES));
    yield start.subarray(TAG_BYTES);
    start = undefined;
  }
  if (start) throw new FormatError('it ends with its header');
}

function requireHeader(key: AesKey, header: Uint8Array, tag: Buffer): void {
  try {
    decryptGcm(key, streamNonce(0, HEADER), header, tag);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new HeaderNotAuthentic('its header does not fit the key');
  }
}
