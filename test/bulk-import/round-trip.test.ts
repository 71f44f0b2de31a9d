import { allResources } from '../../src/core/resource/resource.js';
import { startApp, type TestApp } from '../app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
  for (const [key, kind] of [
    ['floor', 'whole'],
    ['margin', 'decimal'],
    ['nickname', 'text'],
    ['since', 'date'],
    ['vip', 'flag'],
  ])
    await t.make('custom-field-definitions', { resource: 'contacts', key, kind });
});
afterAll(() => t.close());

const HOSTILE = '\'=HYPERLINK("http://x"),\r\n;\t"ü 🏢"';

/** Rows whose fields are hard to write into a cell. */
const ROWS: [path: string, given: Record<string, unknown>][] = [
  [
    'clients',
    {
      default_hourly_rate: '0.10',
      external_refs: { syncro: '4711', '=1+1': 'a,b;"c"', 'ü 🏢': '007' },
      timezone: 'Europe/Berlin',
      currency: 'CHF',
      notes: HOSTILE,
    },
  ],
  [
    'contacts',
    {
      notes: `${HOSTILE} `,
      phone: '+49 171 0',
      custom_fields: { floor: -3, margin: '0.50', nickname: '=x', since: '2026-02-28', vip: false },
    },
  ],
  [
    'machines',
    {
      vpn_profiles: ['a, b', 'c;d', 'e|f', '"', '=1', '[1]', 'null'],
      available_skills: [],
      installed_tools: { node: '20.10', git: '1e3' },
      mcp_capabilities: { a: [1, '1', null, true, { b: 0.1 }], list: [] },
      last_seen_at: '2026-01-31T23:59:59.123Z',
    },
  ],
  [
    'infrastructure',
    { tags: ['=sum', 'büro', 'a b'], limitations: ['-1', '@x'], purchased_on: '2024-02-29' },
  ],
  ['projects', { technologies: ['C++', 'a,b'], estimated_hours: '7.25', started_on: '1999-12-31' }],
  ['rate-rules', { hourly_rate: '99999.99', increment_minutes: 15, rounding: 'up' }],
  [
    'billable-time',
    {
      started_at: '2026-01-31T22:30:00.000Z',
      ended_at: '2026-02-01T00:15:00.000Z',
      worked_minutes: 90,
      hourly_rate: '119.90',
      multiplier: '1.50',
      description: HOSTILE,
    },
  ],
];

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' };
const CASES = (['csv', 'ndjson'] as const).flatMap(format => ROWS.map(row => [format, ...row] as const));

it.each(CASES)(
  'as %s, a row of %s that is gone comes back as it was exported',
  async (format, path, given) => {
    const spec = allResources().find(one => one.path === path);
    const written = (spec?.fields ?? []).filter(one => !one.readOnly && !one.internal).map(one => one.name);
    const names = [...written, ...(spec?.taggable ? ['tags'] : [])];
    const client_id = await t.client();
    const row = await t.make(path, { ...(names.includes('client_id') ? { client_id } : {}), ...given });
    expect(row).toMatchObject({ ...given, ...(given.tags ? { tags: expect.any(Array) } : {}) });
    const exported = await t.http('GET', `/api/${path}/export`, { query: { format, id: row.id } });
    expect((await t.http('DELETE', `/api/${path}/${row.id}`)).status).toBe(204);
    const headers = { 'content-type': TYPES[format] };
    const { body: job } = await t.http('POST', `/api/bulk-import/${path}`, { body: exported.text, headers });
    expect(job).toMatchObject({ state: 'done', created: 1, errors: [] });
    const { body: page } = await t.http('GET', `/api/${path}`, { query: { sort: '-id', limit: 1 } });
    const [again] = page.items;
    // The empty cell of an empty list is that of none, too.
    const same = (value: unknown) => (format === 'csv' && JSON.stringify(value) === '[]' ? null : value);
    const of = (one: object | undefined) =>
      names.map(name => [name, same((one as Record<string, unknown>)[name])]);
    expect(of(again)).toEqual(of(row));
  },
);
