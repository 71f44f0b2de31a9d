import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { maskingOf } from '../src/formats/redaction/known-values.js';

const vault = (...values: string[]) => maskingOf(new Map(values.map(one => [one, 'vault'])));

it('masks values wherever they stand, and all of what overlaps', () => {
  const mask = vault('abcdefgh', 'efghijklmno', 'abcdefgh-long', '12345678');
  expect(mask('xabcdefghx')).toBe('x[redacted:vault]x');
  expect(mask('abcdefghijklmno!')).toBe('[redacted:vault]!');
  expect(mask('a abcdefgh-long b abcdefgh')).toBe('a [redacted:vault] b [redacted:vault]');
  expect(mask('1234567812345678')).toBe('[redacted:vault][redacted:vault]');
  expect(mask('abcdefg')).toBe('abcdefg');
});

it('leaves nothing of any value, and everything else', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 8, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.array(word, { maxLength: 8 }), (values, others) => {
      const text = [...others, ...values].join('.');
      const masked = vault(...values)(text);
      expect(values.filter(one => masked.includes(one))).toEqual([]);
      const kept = masked.split('[redacted:vault]');
      expect(kept.reduce((at, part) => text.indexOf(part, at) + part.length, 0)).toBeLessThanOrEqual(text.length);
    }),
  );
}); // prettier-ignore

it('takes little time for thousands of values, also where they begin alike', () => {
  const spent = (values: readonly string[], text: string) => {
    const mask = vault(...values);
    mask(text);
    const began = process.cpuUsage();
    mask(text);
    return process.cpuUsage(began).user / 1000;
  };
  const drawn = Array.from({ length: 3_000 }, () => randomBytes(15).toString('base64'));
  expect(spent(drawn, `${drawn.join('\n')}${'abc def\n'.repeat(3_000)}`)).toBeLessThan(150);
  const alike = Array.from({ length: 200 }, () => 'a1'.repeat(245) + randomBytes(4).toString('hex'));
  expect(spent(alike, 'a1'.repeat(30_000))).toBeLessThan(150);
});
