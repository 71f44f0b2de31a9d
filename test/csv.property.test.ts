import fc from 'fast-check';
import { csvCell, csvLines } from '../src/core/resource/export/csv.js';
import { cellValue } from '../src/core/resource/import/cells.js';
import { type CellType, decodeCell, parseCsv } from './harness/csv.js';

const risky = fc.stringMatching(/^ ?[=+\-@＝＋－＠'\t\r\n][ -~]*$/);
const text = fc.oneof(fc.string({ unit: 'binary' }), risky, fc.stringMatching(/^[+-][\d ()./+-]*$/));
const item = fc.oneof(text, fc.constantFrom('a; b', ';', '; ', '[', '[]', '', ' '));
const value: fc.Arbitrary<[CellType, unknown]> = fc.oneof(
  text.map((one): [CellType, unknown] => ['text', one]),
  fc.array(item).map((one): [CellType, unknown] => ['list', one]),
  fc.array(fc.oneof(item, fc.integer())).map((one): [CellType, unknown] => ['list', one]),
  fc.dictionary(fc.string(), item).map((one): [CellType, unknown] => ['map', { ...one }]),
  fc.integer().map((one): [CellType, unknown] => ['number', one]),
  fc.boolean().map((one): [CellType, unknown] => ['flag', one]),
  fc.constant<[CellType, unknown]>(['text', null]),
);
/** An empty cell is what is absent, an empty text and an empty list alike. */
const orNull = (one: unknown) => (one === '' || (Array.isArray(one) && one.length === 0) ? null : one);

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 2 }), values => {
      const [cells = []] = parseCsv(csvLines([values.map(([, one]) => one)]));
      const read = cells.map((cell, n) => decodeCell(cell, values[n]?.[0] ?? 'text'));
      expect(JSON.stringify(read)).toBe(JSON.stringify(values.map(([, one]) => orNull(one))));
    }),
    { numRuns: 2000 },
  );
});

/** How a field of each type is declared. */
const FIELDS = {
  text: { column: { kind: 'long' }, api: {} },
  number: { column: { kind: 'big' }, api: {} },
  flag: { column: { kind: 'flag' }, api: {} },
  list: { column: { kind: 'json' }, api: { type: 'array' } },
  map: { column: { kind: 'json' }, api: { type: 'object' } },
} as const;

it('is read by an import as it was', () => {
  fc.assert(
    fc.property(value, ([type, one]) => {
      const read = cellValue(FIELDS[type] as never, csvCell(one)) ?? null;
      expect(JSON.stringify(read)).toBe(JSON.stringify(orNull(one)));
    }),
    { numRuns: 2000 },
  );
});

it('never begins a cell as something that a spreadsheet calculates', () => {
  fc.assert(
    fc.property(text, one => {
      const cell = csvCell(one);
      // A sign may stand before one number alone, or before groups of digits, with no operator between them.
      expect(cell).not.toMatch(/^[\u0000-\u001f]|^\s*[=@＝＋－＠]|^\s+[+-]|^[+-].*[^\d ().]/su);
      expect(cell).not.toMatch(/^-(?!\d+(\.\d+)?$)/s);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['+49 30 1234567', '+49 30 1234567'],
  ['+49 (0)30 123.456', '+49 (0)30 123.456'],
  ['030 1234-56', '030 1234-56'],
  [-5, '-5'],
  ['-12.50', '-12.50'],
  ['+49-30-1234', "'+49-30-1234"],
  ['+49 30/1234', "'+49 30/1234"],
  ['-1+1', "'-1+1"],
  ['+1+1', "'+1+1"],
  ['+SUM(1)', "'+SUM(1)"],
  ['+49 30\n=1+1', "'+49 30\n=1+1"],
  [' =1+1', "' =1+1"],
  ["'90s", "''90s"],
  [['10.0.0.1', '10.0.0.2'], '10.0.0.1; 10.0.0.2'],
  [['a;b', 'c'], '["a;b","c"]'],
  [['=1+1', 'b'], "'=1+1; b"],
])('writes %j as %s', (given, cell) => {
  expect(csvCell(given)).toBe(cell);
});
