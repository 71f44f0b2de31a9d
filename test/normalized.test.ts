import { normalized } from '../src/formats/normalized.js';
import { leastOfTries } from './harness/tries.js';

const [ABOVE, BELOW] = ['\u0301', '\u0316'];
const two = (one: string, other: string, n: number) => `a${one.repeat(n)}${other.repeat(n)}`;

it.each([
  ['plain text', 'Zoë Müller (ﬁrst) Å ㎏'],
  ['Hangul', '\u1112\u1161\u11ab\u1100\u1173\u11af'],
  ['what is written with many marks', 'שָׁלוֹם  བསྒྲུབས  อำนาจ  e\u0316\u0301\u0300'],
  ['thirty marks', `a${ABOVE.repeat(15)}${BELOW.repeat(15)}`],
])('leaves %s as Unicode has it', (_what, text) => {
  for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const)
    expect(normalized(text, form)).toBe(text.normalize(form));
});

it('keeps every mark, and is itself in the end', () => {
  const text = two(ABOVE, BELOW, 100);
  const once = normalized(text, 'NFD');
  expect(once.replaceAll('\u034f', '')).toHaveLength(text.length);
  expect(normalized(once, 'NFD')).toBe(once);
});

it.each([
  ['in two halves', (n: number) => two(ABOVE, BELOW, n)],
  ['without a letter', (n: number) => two(ABOVE, BELOW, n).slice(1)],
  ['by turns', (n: number) => `a${(ABOVE + BELOW).repeat(n)}`],
  ['with what is a mark only then', (n: number) => two(ABOVE, '\uff9e', n)],
  ['that are two each', (n: number) => two('\u0344', BELOW, n)],
  ['beyond the first plane', (n: number) => two('\u{1D165}', '\u{1D17B}', n)],
  ['in rows of 29', (n: number) => `a${ABOVE.repeat(29)}`.repeat(n / 15)],
  [
    'apart by what nobody sees',
    (n: number) => `${two(ABOVE, BELOW, n / 2)}\u200d${two(BELOW, ABOVE, n / 2)}`,
  ],
  ['and joiners', (n: number) => `a${`${ABOVE.repeat(31)}\u034f`.repeat(n / 16)}`],
  ['of Hangul', (n: number) => `${'\u1100\u1161\u11a8'.repeat(n / 2)}${two(ABOVE, BELOW, n / 2)}`],
])('takes time in proportion to marks %s', async (_what, make) => {
  const text = make(100_000);
  const measure = () => {
    const began = performance.now();
    for (const form of ['NFC', 'NFKC', 'NFKD'] as const) normalized(text, form);
    return Promise.resolve(performance.now() - began);
  };
  expect(await leastOfTries(300, measure)).toBeLessThan(300);
});
