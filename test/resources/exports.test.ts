import { startApp, type Shown, type TestApp } from '../app.js';
import { type ApiDocument, allRows, documentOf, RESOURCES, uniformRoutes } from '../harness/all-resources.js';
import { cellType, decodeCell, parseCsv } from '../harness/csv.js';
import { editsOf } from '../harness/edits.js';

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

const RISKY = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', "'quoted", 'a "b", c\nd'];
/** What an empty cell stands for. */
const orNull = (value: unknown) =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? null : value;

describe.each(RESOURCES)('export of /api/%s', (path, spec) => {
  const any: Record<string, string> = spec.archivable ? { archived: 'any' } : {};
  let rows: Shown[];
  const get = (accept: string, query = {}) =>
    t.http('GET', `/api/${path}`, { query: { sort: 'id', ...any, ...query }, headers: { accept } });

  beforeAll(async () => {
    const made: Shown[] = [];
    for (let n = 0; n < 3; n++) made.push(await t.make(path));
    const text = editsOf(spec).find(one => typeof one.values[0] === 'string' && one.field !== 'name');
    if (text && uniformRoutes(document, spec).has('update'))
      for (const [n, value] of RISKY.entries())
        await t.http('PATCH', `/api/${path}/${made[n % 3]?.id}`, { body: { [text.field]: value } });
    rows = await allRows(t, spec);
  });

  it('writes NDJSON, one row a line, as the list shows it', async () => {
    const { status, headers, text } = await get('application/x-ndjson');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/x-ndjson/);
    expect(
      text
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line) as unknown),
    ).toEqual(rows);
  });

  it('writes CSV that no spreadsheet takes for a formula, and that can be read back', async () => {
    const { status, headers, text } = await get('text/csv');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const { properties = {} } = (document.components.schemas[spec.label] ?? {}) as {
      properties?: Record<string, { type?: unknown }>;
    };
    const [names = [], ...lines] = parseCsv(text);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(Object.keys(rows[0] ?? {})));
    expect(lines).toHaveLength(rows.length);
    for (const [index, line] of lines.entries())
      for (const [column, name] of names.entries()) {
        expect(line[column]).not.toMatch(/^[=@\t\r]|^[+-](?![\d ().]+$)/);
        if (!(name in (rows[index] ?? {}))) continue;
        const value = decodeCell(line[column] ?? '', cellType(properties[name]));
        expect({ name, value }).toEqual({ name, value: orNull(rows[index]?.[name]) });
      }
  });

  it('is a route of its own, with the same rows, and the list documents pages alone', async () => {
    const list = document.paths[`/api/${path}`]?.get as unknown as {
      responses: Record<string, { content: object }>;
    };
    expect(Object.keys(list.responses['200']?.content ?? {})).toEqual(['application/json']);
    const operation = document.paths[`/api/${path}/export`]?.get;
    expect(operation?.operationId).toMatch(/^export[A-Z]/);
    for (const [format, accept] of [
      ['csv', 'text/csv'],
      ['ndjson', 'application/x-ndjson'],
    ] as const) {
      const day = () => new Date().toISOString().slice(0, 10);
      const before = day();
      const own = await t.http('GET', `/api/${path}/export`, { query: { format, sort: 'id', ...any } });
      expect(own.status).toBe(200);
      expect(own.text).toBe((await get(accept)).text);
      expect([before, day()].map(one => `attachment; filename="${path}-${one}.${format}"`)).toContain(
        own.headers['content-disposition'],
      );
    }
  });

  it('holds what the filter and the choice of columns leave', async () => {
    const [first] = rows;
    const { text } = await get('application/x-ndjson', { id: first?.id ?? '', fields: 'created_at' });
    const row = JSON.parse(text) as Shown;
    expect(row).toMatchObject({ id: first?.id, created_at: first?.created_at });
    expect(row).not.toHaveProperty('updated_at');
    const refused = await get('text/csv', { no_such_field: 1 });
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 422, code: 'validation' });
  });
});

it('exports more rows than a page holds, each once', async () => {
  const items = Array.from({ length: 1000 }, (_, n) => ({ name: `Export ${n}` }));
  for (const part of [items, items.map(({ name }) => ({ name: `${name}b` }))])
    expect((await t.http('POST', '/api/clients/bulk', { body: { items: part } })).status).toBe(200);
  const { text } = await t.http('GET', '/api/clients', { headers: { accept: 'application/x-ndjson' } });
  const ids = text
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as Shown).id);
  const [{ n } = { n: 0 }] = await t.sql<{ n: number }>('SELECT COUNT(*) AS n FROM clients');
  expect(ids).toHaveLength(Number(n));
  expect(new Set(ids).size).toBe(ids.length);
});
