import fc from 'fast-check';
import { startApp, type Body, type Shown, type TestApp } from './app.js';
import { testDatabase } from './harness/database.js';

let t: TestApp;
let client_id: string;
let tech: string;
const rows: Shown[] = [];
const KINDS: Record<string, unknown[]> = {
  text: ['alpha', 'beta', 'Beta', 'ä', 'alphabet'],
  whole: [-5, 0, 3, 40, 2_000_000_000],
  decimal: ['0.10', '9.99', '10.00', '1000000000.01'],
  flag: [true, false],
  date: ['2026-01-31', '2025-12-01', '2026-02-28'],
  moment: ['2026-01-31T08:00:00.000Z', '2026-01-31T08:00:00.001Z', '2020-01-01T00:00:00.000Z'],
  choice: ['gold', 'silver'],
  url: ['https://a.example/x', 'https://b.example/'],
  ip: ['10.0.0.1', '10.0.0.20', '2001:db8::1'],
  list: [['a', 'b'], ['c']],
};

beforeAll(async () => {
  t = await startApp();
  client_id = await t.client();
  tech = (await t.user({ client_access: 'only', client_ids: [client_id] })).token;
  for (const kind of Object.keys(KINDS)) {
    const body = { resource: 'sites', key: kind, kind, choices: kind === 'choice' ? KINDS.choice : null };
    expect((await t.http('POST', '/api/custom-field-definitions', { body })).status).toBe(201);
  }
  const items = Array.from({ length: 60 }, (_, n) => {
    const values = Object.entries(KINDS).flatMap(([kind, list], at) =>
      (n + at) % 4 === 0 ? [] : [[kind, list[(n * 7 + at) % list.length]]],
    );
    return { client_id, name: `Site ${n}`, custom_fields: Object.fromEntries(values) as Body };
  });
  const { body } = await t.http('POST', '/api/sites/bulk', { body: { items } });
  expect(body.results.filter(one => one.status !== 201)).toEqual([]);
  // Rows that the technician does not see have the same values.
  const other = (await t.make('clients')).id;
  const hidden = items.map(one => ({ ...one, client_id: other }));
  await t.http('POST', '/api/sites/bulk', { body: { items: hidden } });
  rows.push(
    ...(await t.http('GET', '/api/sites', { token: tech, query: { limit: 1000, sort: 'id' } })).body.items,
  );
  expect(rows).toHaveLength(60);
});
afterAll(() => t.close());

const list = (query: Record<string, string | number>) => t.http('GET', '/api/sites', { query, token: tech });
const valueOf = (row: Shown, key: string) => (row.custom_fields as Body | null)?.[key];
/** As the database orders them: numbers by size, texts by code point. */
function compare(kind: string, a: unknown, b: unknown): number {
  if (kind === 'decimal') return Math.sign(Number(a) - Number(b));
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  return Math.sign(Number(a) - Number(b));
}

const TESTS: Record<string, (kind: string, value: unknown, asked: unknown) => boolean> = {
  '': (kind, value, asked) => value !== undefined && compare(kind, value, asked) === 0,
  __ne: (kind, value, asked) => value === undefined || compare(kind, value, asked) !== 0,
  __gt: (kind, value, asked) => value !== undefined && compare(kind, value, asked) > 0,
  __gte: (kind, value, asked) => value !== undefined && compare(kind, value, asked) >= 0,
  __lt: (kind, value, asked) => value !== undefined && compare(kind, value, asked) < 0,
  __lte: (kind, value, asked) => value !== undefined && compare(kind, value, asked) <= 0,
};
const UNORDERED = ['flag', 'choice'];

/** All pages of a list. */
async function paged(query: Record<string, string>, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await list({ ...query, limit, ...(cursor === '' ? {} : { cursor }) });
    expect([page.status, page.text.slice(0, 300)]).toEqual([200, page.text.slice(0, 300)]);
    ids.push(...page.body.items.map(one => one.id));
    cursor = page.body.next;
  }
  return ids;
}

test('filters leave what their operator says, and nothing of other clients', async () => {
  const kinds = Object.keys(KINDS).filter(one => one !== 'list');
  const asked = fc.constantFrom(...kinds).chain(kind =>
    fc.record({
      kind: fc.constant(kind),
      value: fc.constantFrom(...(KINDS[kind] ?? [])),
      operator: fc.constantFrom(...(UNORDERED.includes(kind) ? ['', '__ne'] : Object.keys(TESTS))),
      sort: fc.constantFrom('id', '-id', `cf.${kind}`, `-cf.${kind}`, 'name'),
      limit: fc.integer({ min: 5, max: 70 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(asked, async ({ kind, value, operator, sort, limit }) => {
      const query = { [`cf.${kind}${operator}`]: String(value), sort };
      const expected = rows.filter(row => TESTS[operator]?.(kind, valueOf(row, kind), value));
      const found = await paged(query, limit);
      expect({ query, ids: [...found].sort() }).toEqual({ query, ids: expected.map(one => one.id).sort() });
      const first = (await list({ ...query, limit: 1, count: 'exact' })).body;
      expect({ query, total: first.total }).toEqual({ query, total: expected.length });
    }),
    { numRuns: 60 },
  );
}, 120_000);

test.each(Object.keys(KINDS).filter(one => one !== 'list'))(
  'lists are in the order of a %s, rows without one last',
  async kind => {
    for (const descending of [false, true]) {
      const sign = descending ? -1 : 1;
      const [with_, without] = [true, false].map(has =>
        rows.filter(row => (valueOf(row, kind) !== undefined) === has),
      );
      const byId = (a: Shown, b: Shown) => (a.id < b.id ? -sign : sign);
      with_?.sort((a, b) => sign * compare(kind, valueOf(a, kind), valueOf(b, kind)) || byId(a, b));
      without?.sort(byId);
      const expected = [...(with_ ?? []), ...(without ?? [])].map(one => one.id);
      const sort = `${descending ? '-' : ''}cf.${kind}`;
      for (const limit of [7, 1000]) expect(await paged({ sort }, limit)).toEqual(expected);
      const skipped = (await list({ sort, skip: 50, limit: 5 })).body.items.map(one => one.id);
      expect(skipped).toEqual(expected.slice(50, 55));
    }
  },
);

test('what a row lacks, a beginning, and several values', async () => {
  const found = async (query: Record<string, string>) =>
    (await list({ ...query, limit: 1000 })).body.items.length;
  const has = (key: string, check: (value: unknown) => boolean) =>
    rows.filter(row => check(valueOf(row, key))).length;
  expect(await found({ 'cf.list__isnull': 'true' })).toBe(has('list', one => one === undefined));
  expect(await found({ 'cf.text__isnull': 'false' })).toBe(has('text', one => one !== undefined));
  expect(await found({ 'cf.text__startswith': 'alpha' })).toBe(
    has('text', one => String(one).startsWith('alpha')),
  );
  expect(await found({ 'cf.whole__in': '3,40' })).toBe(has('whole', one => one === 3 || one === 40));
  expect(await found({ 'cf.flag': 'true', 'cf.choice': 'gold' })).toBe(
    rows.filter(row => valueOf(row, 'flag') === true && valueOf(row, 'choice') === 'gold').length,
  );
});

test('an export as CSV has a column for each custom field', async () => {
  const answer = await t.http('GET', '/api/sites/export', {
    query: { 'cf.whole': '40', fields: 'id,custom_fields' },
    token: tech,
  });
  const [header = '', ...lines] = answer.text.trim().split(/\r?\n/);
  const keys = Object.keys(KINDS);
  expect(header).toBe(['id', 'custom_fields', ...keys.map(key => `cf.${key}`)].join(','));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toContain(',40,');
  const json = await t.http('GET', '/api/sites/export', {
    query: { format: 'ndjson' },
    token: tech,
  });
  expect(json.text).not.toContain('"cf.');
  const without = await t.http('GET', '/api/sites/export', { query: { fields: 'id,name' }, token: tech });
  expect(without.text).toMatch(/^id,name\r?\n/);
});

test('an export holds what a filter leaves, in its order', async () => {
  const query = { 'cf.whole__gte': '3', sort: '-cf.whole', format: 'ndjson' };
  const { text } = await t.http('GET', '/api/sites/export', { query, token: tech });
  const values = text
    .trim()
    .split('\n')
    .map(line => valueOf(JSON.parse(line) as Shown, 'whole'));
  expect(values.length).toBeGreaterThan(5);
  expect(values).toEqual([...values].sort((a, b) => Number(b) - Number(a)));
});

test.each([
  ['cf.nope=1', 'cf.nope', 'the custom fields of sites are cf.text, cf.whole'],
  ['cf.whole=x', 'cf.whole', 'must be a whole number'],
  ['cf.decimal=0.001', 'cf.decimal', 'must be a decimal number'],
  ['cf.choice__gt=gold', 'cf.choice__gt', 'it has cf.choice, cf.choice__ne'],
  ['cf.list=a', 'cf.list', 'it has cf.list__isnull'],
  ['sort=cf.list', 'sort', 'the custom fields of sites are'],
  ['sort=cf.text,name', 'sort', 'by itself'],
  ['sort=cf.text&cursor=eyJ4Ijox', 'cursor', 'is not a cursor'],
])('%s is 422, and says why', async (query, field, message) => {
  const { status, body } = await t.http('GET', `/api/sites?${query}`);
  expect([status, body.details.errors[0]?.field]).toEqual([422, field]);
  expect(body.details.errors[0]?.message).toContain(message);
});

test('a filter or an order along the index sorts and scans nothing', async () => {
  const seen: { text: string; values: readonly unknown[] }[] = [];
  const { scanner } = t.opened.database.connections;
  const select = scanner.select.bind(scanner);
  const spy = jest.spyOn(scanner, 'select').mockImplementation((text, values = []) => {
    seen.push({ text, values });
    return select(text, values);
  });
  const cursor = async (sort: string) => String((await list({ sort, limit: 3 })).body.next);
  const queries: Record<string, string>[] = [
    { 'cf.choice': 'gold' }, { sort: 'cf.text' }, { sort: '-cf.whole', 'cf.whole__gte': '3' },
    { sort: 'cf.moment', cursor: await cursor('cf.moment') },
  ]; // prettier-ignore
  for (const query of queries) {
    seen.length = 0;
    await t.http('GET', '/api/sites', { query: { ...query, limit: 3 } });
    const page = seen.find(one => one.text.includes('FROM custom_field_values'));
    const steps = await t.sql(
      `EXPLAIN ${testDatabase() === 'sqlite' ? 'QUERY PLAN ' : ''}${page?.text}`,
      page?.values as never,
    );
    const plan = JSON.stringify(steps);
    expect({ query, plan }).toEqual({
      query,
      plan: expect.stringMatching(/ix_custom_field_values_definition_id_/) as string,
    });
    expect(plan).not.toMatch(/TEMP B-TREE FOR ORDER BY|filesort|SCAN custom_field_values/);
  }
  spy.mockRestore();
});
