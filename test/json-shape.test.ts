import { faultOfShape } from '../src/core/http/server/json-shape.js';

const LIMITS = { depth: 3, keys: 4, items: 6 };
const ruleOf = (text: string, most = 20) => faultOfShape(Buffer.from(text), LIMITS, most)?.rule;
const list = (length: number) => JSON.stringify(Array(length).fill(1));
const map = (length: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length }, (_, n) => [`k${n}`, n])));

test.each([
  ['[[[1]]]', undefined],
  ['[[[[1]]]]', 'depth'],
  ['[[[[', 'depth'],
  ['[{"a":[[', 'depth'],
  [list(6), undefined],
  [list(7), 'size'],
  [map(4), undefined],
  [map(5), 'size'],
  [`[${list(6)},${list(6)},${list(6)},${list(5)}]`, 'size'],
  [`[${map(4)},${list(6)},1]`, undefined],
  ['{"a":"[[[[[{{{{,,,,,,,,,,"}', undefined],
  [String.raw`{"a":"\"[[[[[\\","b":[1,"]]]\\\"{{{{"]}`, undefined],
  [String.raw`["\\",[[[1]]]]`, 'depth'],
  ['"never closed [[[[[[', undefined],
  [']]]]}}}}[1]', undefined],
  ['no JSON, at, all, of, this, is, a, list', undefined],
  ['', undefined],
])('%s', (text, rule) => expect(ruleOf(text)).toBe(rule));

test('what has too much for reading is refused without it', () => {
  const text = `[${'1,'.repeat(500_000)}1]`;
  expect(faultOfShape(Buffer.from(text), { depth: 20, keys: 1000, items: 10_000 }, 20_000)?.rule).toBe(
    'size',
  );
});
