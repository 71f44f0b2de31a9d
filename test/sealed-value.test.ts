import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { decodeBase64url, encodeBase64url, padBase64url } from '../src/formats/base64url.js';
import { FormatError } from '../src/formats/format-error.js';
import { lengthPrefixed } from '../src/formats/length-prefixed.js';
import { open, parseSealed, type Place, seal } from '../src/formats/sealed-value.js';
import { decodeUtf8 } from '../src/formats/utf8.js';
import { encrypt } from '../src/formats/v2.js';

const key = randomBytes(32);
const ref = { id: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', version: 3 };
const place: Place = { table: 'secrets', row_id: 'row-1', field: 'password', version: 7 };
const text = () => fc.string({ unit: 'binary', maxLength: 300 });

describe('v3', () => {
  test('gives any text back, byte for byte', () => {
    fc.assert(
      fc.property(text(), value => open(key, place, seal(key, place, ref, value)) === value),
      { numRuns: 500 },
    );
    for (const value of ['', '\ufeffmark', '\u0000', 'é', 'e\u0301', '𝔘', ' x \r\n', 'x'.repeat(65_536)])
      expect(open(key, place, seal(key, place, ref, value))).toBe(value);
  });

  test('has the written shape, and another nonce each time', () => {
    const sealed = seal(key, place, ref, 'hunter2');
    expect(sealed).toMatch(/^v3\.0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b\.3\.[A-Za-z0-9_-]{47}$/);
    expect(parseSealed(sealed).key).toEqual(ref);
    expect(new Set(Array.from({ length: 200 }, () => seal(key, place, ref, ''))).size).toBe(200);
  });

  test('half a surrogate pair is refused rather than replaced', () => {
    for (const value of ['\ud800', 'a\udc00b', '\udc00\ud800'])
      expect(() => seal(key, place, ref, value)).toThrow(TypeError);
  });

  test('bytes that are not UTF-8 are not given out as text', () => {
    expect(() => decodeUtf8(Buffer.from([0xff]))).toThrow(FormatError);
  });

  test('does not open with any one bit changed', () => {
    fc.assert(
      fc.property(text(), fc.nat(), (value, at) => {
        const sealed = seal(key, place, ref, value);
        const { bytes } = parseSealed(sealed);
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const altered = sealed.slice(0, sealed.lastIndexOf('.') + 1) + encodeBase64url(bytes);
        expect(() => open(key, place, altered)).toThrow(FormatError);
      }),
      { numRuns: 500 },
    );
  });

  test('does not open with any one character of its text changed', () => {
    const sealed = seal(key, place, ref, 'hunter2');
    for (let at = 0; at < sealed.length; at++)
      for (const other of 'aZ09-_.v=') {
        if (sealed[at] === other) continue;
        const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
        expect(() => open(key, place, altered)).toThrow(FormatError);
      }
  });

  test('does not open when it is cut or lengthened', () => {
    const sealed = seal(key, place, ref, 'hunter2');
    for (let end = 0; end < sealed.length; end++)
      expect(() => open(key, place, sealed.slice(0, end))).toThrow(FormatError);
    for (const more of ['A', '=', '\n', ' ', '.', 'AAAA']) {
      expect(() => open(key, place, sealed + more)).toThrow(FormatError);
      expect(() => open(key, place, more + sealed)).toThrow(FormatError);
    }
  });

  const moves: [string, Partial<Place>][] = [
    ['row', { row_id: 'row-2' }],
    ['field', { field: 'totp_secret' }],
    ['table', { table: 'credentials' }],
    ['version', { version: 8 }],
    ['boundary between fields', { table: 'secretsr', row_id: 'ow-1' }],
  ];
  test.each(moves)('does not open when moved to another %s', (_, change) => {
    expect(() => open(key, { ...place, ...change }, seal(key, place, ref, 'x'))).toThrow(FormatError);
  });

  test('opens at exactly one of all places', () => {
    const places = fc.record({ table: text(), row_id: text(), field: text(), version: fc.nat() });
    fc.assert(
      fc.property(places, places, (here, there) => {
        fc.pre(JSON.stringify(here) !== JSON.stringify(there));
        const sealed = seal(key, here, ref, 'x');
        expect(open(key, here, sealed)).toBe('x');
        expect(() => open(key, there, sealed)).toThrow(FormatError);
      }),
    );
  });

  test('does not open under another key, nor under the name of another', () => {
    const sealed = seal(key, place, ref, 'x');
    expect(() => open(randomBytes(32), place, sealed)).toThrow(FormatError);
    expect(() => open(key, place, sealed.replace('.3.', '.4.'))).toThrow(FormatError);
    expect(() => open(key, place, sealed.replace('4a5b.', '4a5c.'))).toThrow(FormatError);
  });

  test('a wiped key and a badly named one seal nothing', () => {
    expect(() => seal(Buffer.alloc(32), place, ref, 'x')).toThrow('wiped');
    for (const bad of [
      { ...ref, id: 'x' },
      { ...ref, id: ref.id.toUpperCase() },
      { ...ref, version: 0 },
    ])
      expect(() => seal(key, place, bad, 'x')).toThrow(TypeError);
  });

  test('earlier formats, plaintext and short tags are refused', () => {
    const sealed = seal(key, place, ref, '');
    const start = sealed.slice(0, sealed.lastIndexOf('.') + 1);
    const { bytes } = parseSealed(sealed);
    const short = [4, 8, 12, 13, 14, 15].map(
      length => start + encodeBase64url(bytes.subarray(0, 12 + length)),
    );
    const fernet =
      'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==';
    const others = [
      '',
      'hunter2',
      'v3.',
      'v3...',
      start,
      encrypt('x', key),
      fernet,
      sealed.replace('v3', 'v2'),
    ];
    for (const value of [...short, ...others, sealed.replace('v3', 'V3'), sealed.replace('.3.', '.03.')])
      expect(() => open(key, place, value)).toThrow(FormatError);
  });
});

describe('base64url', () => {
  test('has one spelling for each value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        const bare = encodeBase64url(bytes);
        const padded = padBase64url(bare);
        expect(decodeBase64url(bare)).toEqual(Buffer.from(bytes));
        expect(decodeBase64url(padded, 'required')).toEqual(Buffer.from(bytes));
        expect(decodeBase64url(bare, 'optional')).toEqual(decodeBase64url(padded, 'optional'));
        if (padded === bare) return;
        expect(() => decodeBase64url(padded)).toThrow(FormatError);
        expect(() => decodeBase64url(bare, 'required')).toThrow(FormatError);
      }),
    );
  });

  test('any text that it takes is the one that it writes', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'ABQgw019-_+/= \n'), maxLength: 8 });
    fc.assert(
      fc.property(texts, value => {
        let bytes: Buffer;
        try {
          bytes = decodeBase64url(value);
        } catch {
          return;
        }
        expect(encodeBase64url(bytes)).toBe(value);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['QR', 'Q', 'QQ==', 'QQ=', 'Q+==', 'a/bc', 'QQ\n', ' QQ', 'Q Q', 'QQ.', 'QUJD='])(
    'refuses %j',
    value => {
      expect(() => decodeBase64url(value)).toThrow(FormatError);
    },
  );

  test.each(['QR==', 'QQ=', 'Q===', '====', 'QUJD=', 'QUJD====', 'QQ==\n'])(
    'refuses %j with padding',
    value => {
      expect(() => decodeBase64url(value, 'optional')).toThrow(FormatError);
      expect(() => decodeBase64url(value, 'required')).toThrow(FormatError);
    },
  );
});

describe('length-prefixed lists', () => {
  test('4 bytes of length, big-endian, in bytes; null is not the empty text', () => {
    expect(lengthPrefixed(['é', '', null]).toString('hex')).toBe('00000002c3a900000000ffffffff');
    expect(lengthPrefixed([])).toHaveLength(0);
  });

  test('different lists are different bytes', () => {
    const lists = fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(lengthPrefixed(one).equals(lengthPrefixed(other))).toBe(same);
      }),
      { numRuns: 1_000 },
    );
  });
});
