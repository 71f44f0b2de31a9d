import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sha256 } from '../src/formats/sha256.js';

const known = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the SHA-256 of a text', () => {
  test.each(['', 'abc', 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'])(
    'of FIPS 180-4: %j',
    text => {
      expect(sha256(text)).toBe(known(text));
    },
  );

  test('is that of Node.js, whatever the length, in UTF-8', () => {
    for (let length = 0; length < 300; length++)
      expect(sha256('x'.repeat(length))).toBe(known('x'.repeat(length)));
    for (const length of [4_095, 4_096, 4_097, 32_000])
      expect(sha256('é'.repeat(length))).toBe(known('é'.repeat(length)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), text => sha256(text) === known(text)),
    );
  });
});
