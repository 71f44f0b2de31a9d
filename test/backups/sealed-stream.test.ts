import { randomBytes } from 'node:crypto';
import {
  CHUNK_BYTES,
  HeaderNotAuthentic,
  openChunks,
  sealChunks,
} from '../../src/formats/sealed-stream/chunks.js';
import { FormatError } from '../../src/formats/format-error.js';
import { newHeader, readHeader } from '../../src/formats/sealed-stream/header.js';

const TAG = 16;
const SEALED = CHUNK_BYTES + TAG;
const key = randomBytes(32);
const header = newHeader('test', { made: 'today' }).bytes;

async function* pieces(bytes: Uint8Array, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const sealed = (plain: Uint8Array) => all(sealChunks(key, header, pieces(plain)));
const opened = (bytes: Uint8Array, by = key, under = header, size?: number) =>
  all(openChunks(by, under, pieces(bytes, size)));

/** The chunks of a sealed stream, without the header's tag. */
const chunksOf = (bytes: Buffer) =>
  Array.from({ length: Math.ceil((bytes.length - TAG) / SEALED) }, (_, n) =>
    bytes.subarray(TAG + n * SEALED, TAG + (n + 1) * SEALED),
  );

test.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5])(
  '%i bytes come back, however they are cut into pieces',
  async length => {
    const plain = randomBytes(length);
    const bytes = await sealed(plain);
    for (const size of [1 << 20, SEALED, 4_099])
      expect((await opened(bytes, key, header, size)).equals(plain)).toBe(true);
  },
);

test('one bit anywhere is found: in the tag of the header, in each chunk, in each tag', async () => {
  const plain = randomBytes(2 * CHUNK_BYTES + 100);
  const bytes = await sealed(plain);
  const places = [0, TAG - 1, TAG, TAG + CHUNK_BYTES - 1, TAG + CHUNK_BYTES, TAG + SEALED - 1];
  places.push(TAG + SEALED, TAG + 2 * SEALED, bytes.length - TAG - 1, bytes.length - TAG, bytes.length - 1);
  for (const place of places)
    for (const bit of [1, 128]) {
      const other = Buffer.from(bytes);
      other[place]! ^= bit;
      await expect(opened(other)).rejects.toThrow(FormatError);
    }
});

test('chunks that are missing, repeated, exchanged, put in or cut are found', async () => {
  const bytes = await sealed(randomBytes(3 * CHUNK_BYTES + 100));
  const tag = bytes.subarray(0, TAG);
  const [a, b, c, last] = chunksOf(bytes) as [Buffer, Buffer, Buffer, Buffer];
  const [stranger] = chunksOf(
    await all(sealChunks(key, newHeader('test', {}).bytes, pieces(randomBytes(CHUNK_BYTES + 1)))),
  );
  const forged: Buffer[][] = [
    [b, c, last], [a, c, last], [a, b, c], [a, b], [a], [], [a, a, b, c, last], [a, b, b, c, last], [b, a, c, last],
    [a, b, last, c], [a, stranger!, c, last], [a, b, c, last, last], [a, b, c, last.subarray(0, -1)],
    [a, b, c, last.subarray(0, TAG)], [a, b, c, Buffer.concat([last, Buffer.of(0)])], [last],
  ]; // prettier-ignore
  for (const chunks of forged)
    await expect(opened(Buffer.concat([tag, ...chunks]))).rejects.toThrow(FormatError);
  await expect(opened(tag)).rejects.toThrow(FormatError);
  await expect(opened(tag.subarray(1))).rejects.toThrow('ends with its header');
  await expect(opened(Buffer.alloc(0))).rejects.toThrow('ends with its header');
});

test('what is damaged is not given, and what stands before it is', async () => {
  const plain = randomBytes(3 * CHUNK_BYTES);
  const bytes = await sealed(plain);
  bytes[TAG + SEALED + 5]! ^= 4;
  const given: Buffer[] = [];
  const reading = (async () => {
    for await (const piece of openChunks(key, header, pieces(bytes))) given.push(piece);
  })();
  await expect(reading).rejects.toThrow('chunk 2, of 64 KiB, is damaged');
  expect(Buffer.concat(given).equals(plain.subarray(0, CHUNK_BYTES))).toBe(true);
});

test('another key, and another header, are told from damage', async () => {
  const bytes = await sealed(randomBytes(100));
  await expect(opened(bytes, randomBytes(32))).rejects.toThrow(HeaderNotAuthentic);
  await expect(opened(bytes, key, newHeader('test', { made: 'today' }).bytes)).rejects.toThrow(
    HeaderNotAuthentic,
  );
  bytes[TAG + 3]! ^= 1;
  await expect(opened(bytes)).rejects.not.toThrow(HeaderNotAuthentic);
});

test('a header is read as it was written, and one bit of it is found without a key', () => {
  const facts = { made: 'today', much: 'é'.repeat(3_000) };
  const { bytes, salt } = newHeader('test', facts);
  expect(readHeader(Buffer.concat([bytes, randomBytes(100)]))).toEqual({ kind: 'test', salt, facts, bytes });
  for (let place = 0; place < bytes.length; place += 7) {
    const other = Buffer.from(bytes);
    other[place]! ^= 1;
    expect(() => readHeader(other)).toThrow(FormatError);
  }
  for (const text of [
    '',
    'opskeep-sealed 1',
    'opskeep-sealed 1\n',
    'opskeep-sealed 1\n{}\n',
    'PK\u0003\u0004',
  ])
    expect(() => readHeader(Buffer.from(text))).toThrow(FormatError);
});
