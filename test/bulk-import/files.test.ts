import { readCsv } from '../../src/core/resource/import/csv-rows.js';
import { fileText } from '../../src/core/resource/import/file-text.js';
import { readNdjson } from '../../src/core/resource/import/ndjson-rows.js';

const pieces = async function* (...all: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const one of all) yield typeof one === 'string' ? Buffer.from(one) : one;
};

async function csv(...all: (string | Uint8Array)[]) {
  const { columns, rows } = await readCsv(fileText(pieces(...all)));
  const read: unknown[] = [];
  for await (const one of rows) read.push(one);
  return { columns, read };
}

async function ndjson(...all: (string | Uint8Array)[]) {
  const read: unknown[] = [];
  for await (const one of readNdjson(fileText(pieces(...all)))) read.push(one);
  return read;
}

const utf16 = (text: string, swap = false) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return swap ? bytes.swap16() : bytes;
};

const SITES = 'name,city\nOne,Köln\n"Two, ""too""","Bad\nWimpfen"\n\n,\nThree,\n';
const ROWS = [
  { row: 1, line: 2, cells: ['One', 'Köln'] },
  { row: 2, line: 4, cells: ['Two, "too"', 'Bad\nWimpfen'] },
  { row: 4, line: 7, cells: ['Three', ''] },
];

describe('CSV', () => {
  it.each([
    ['UTF-8', Buffer.from(SITES)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${SITES}`)],
    ['UTF-16 LE', utf16(SITES)],
    ['UTF-16 BE', utf16(SITES, true)],
    ['semicolons', Buffer.from('name;city\nOne;Köln\n"Two, ""too""";"Bad\nWimpfen"\n\n;\nThree;\n')],
    ['Windows lines', Buffer.from(SITES.replaceAll('\n', '\r\n').replace('Bad\r\n', 'Bad\n'))],
    ['names in quotes with delimiters', Buffer.from(SITES.replace('name,city', '"name","city"'))],
  ])('is read from %s, in pieces of any size', async (_name, bytes) => {
    const bytewise = [...bytes].map(one => Uint8Array.of(one));
    for (const parts of [[bytes], bytewise]) {
      const { columns, read } = await csv(...parts);
      expect(columns).toEqual(['name', 'city']);
      expect(read).toEqual(ROWS);
    }
  });
});

it('reads NDJSON line by line, and tells which lines are none', async () => {
  const text = '\ufeff{"name":"One"}\r\n\n{"name":\n{"name":"Köln 🏢"}';
  const rows = [
    { row: 1, line: 1, size: 14, value: { name: 'One' } },
    { row: 2, line: 3, size: 8, value: undefined },
    { row: 3, line: 4, size: 18, value: { name: 'Köln 🏢' } },
  ];
  expect(await ndjson(text)).toEqual(rows);
  expect(await ndjson(...[...Buffer.from(text)].map(one => Uint8Array.of(one)))).toEqual(rows);
});

it('passes over empty lines at next to no cost, and counts them', async () => {
  const lines = 100_000;
  const timed = async (...all: Buffer[]) => {
    const begun = process.cpuUsage();
    const read = await ndjson(...all);
    const { user, system } = process.cpuUsage(begun);
    return { read, spent: user + system };
  };
  const rows = await timed(Buffer.from('0\n'.repeat(lines)));
  const empty = await timed(Buffer.from('\r\n'.repeat(lines)), Buffer.from('{}'));
  expect(empty.read).toEqual([{ row: 1, line: lines + 1, size: 2, value: {} }]);
  expect(empty.spent / rows.spent).toBeLessThan(0.2);
});

const LONG = 'x'.repeat(2 * 1024 * 1024);

it.each([
  ['a workbook', Buffer.from('504b03041400060008000000', 'hex'), /ZIP archive or a workbook/],
  ['an earlier workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /\.xls/],
  ['gzip', Buffer.from('1f8b0800000000000003', 'hex'), /gzip/],
  ['a PDF', '%PDF-1.7\n', /is a PDF/],
  ['a database', 'SQLite format 3\0', /SQLite/],
  ['UTF-16 without a mark', Buffer.from(SITES, 'utf16le'), /UTF-16 without a byte order mark/],
  ['Latin-1', Buffer.from(SITES, 'latin1'), /no text in UTF-8/],
  ['half a letter at the end', Buffer.from('name\nK\u00f6').subarray(0, -1), /no text in UTF-8/],
  ['half a letter of UTF-16', utf16('name\nx').subarray(0, -1), /no text in UTF-16LE/],
  ['NUL', 'name,city\nOne,x\0y,and much more text that is none of UTF-16\n', /NUL character/],
  ['nothing', '', /empty/],
  ['a mark alone', '\ufeff', /empty/],
  ['a line without an end', LONG, /line 1 is longer than 1 MiB/],
  ['a row without an end', `name\n"${'x\n'.repeat(1024 * 1024)}"\n`, /more than 1 MiB/],
  ['a quote without an end', 'name\n"One\n', /line \d+ is no CSV/],
  [
    'a thousand columns and more',
    `${Array.from({ length: 1001 }, (_, n) => `c${n}`).join(',')}\n`,
    /1000 columns/,
  ],
  ['ten million columns', Buffer.alloc(10_000_000, ','), /longer than 1 MiB/],
  ['a column without a name', 'name,,city\na,b,c\n', /no name above its column 2/],
  ['a column twice', 'name,city,name\na,b,c\n', /the column of place 3 twice/],
])('refuses as CSV what is %s', async (_name, file, says) => {
  await expect(csv(file)).rejects.toMatchObject({
    status: 422,
    details: { errors: [{ field: 'file', message: expect.stringMatching(says) }] },
  });
});

it.each([
  ['nothing', '', /empty/],
  ['a line without an end', `{"name":"${LONG}`, /line 1 is longer/],
  ['a long line behind a short one', `{}\n{"name":"${LONG}`, /line 2 is longer/],
  ['gzip', Buffer.from('1f8b0800000000000003', 'hex'), /gzip/],
])('refuses as NDJSON what is %s', async (_name, file, says) => {
  await expect(ndjson(file)).rejects.toMatchObject({
    details: { errors: [{ field: 'file', message: expect.stringMatching(says) }] },
  });
});
