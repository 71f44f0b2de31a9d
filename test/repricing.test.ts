import { type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const draft = (client_id: string, more: Body = {}, token?: string) =>
  t.http('POST', '/api/billable-time', {
    token,
    body: { client_id, labour_type: 'remote', work_date: '2026-01-15', worked_minutes: 10, ...more },
  });
const client = async () => (await t.make('clients')).id;
const reprice = (body: Body, token?: string) => t.http('POST', '/api/billable-time/reprice', { body, token });
const rated = async (client_id: string, ...days: string[]) => {
  const ids = [];
  for (const work_date of days) ids.push((await draft(client_id, { work_date })).body.id);
  return ids;
};
const amounts = (items: Body[]) => items.map(one => [one.hourly_rate, one.billable_minutes, one.amount]);
/** Rounded by the day. */
const RULE = { hourly_rate: '120.00', increment_minutes: 60, rounding: 'up', scope: 'day' };

test('drafts get the rate and the rule that their client has now, settled together', async () => {
  const client_id = await client();
  const ids = await rated(client_id, '2026-01-15', '2026-01-15', '2026-01-16');
  const own = (await draft(client_id, { hourly_rate: '99.00', work_date: '2026-01-17' })).body.id;
  const rule = await t.http('POST', '/api/rate-rules', { body: { client_id, ...RULE } });
  expect(rule.status).toBe(201);
  const { status, body } = await reprice({ ids: [...ids, own] });
  expect([status, amounts(body.items)]).toEqual([
    200,
    [
      ['120.00', 10, '20.00'],
      ['120.00', 50, '100.00'],
      ['120.00', 60, '120.00'],
      ['99.00', 60, '99.00'],
    ],
  ]);
  const stored = (await t.http('GET', '/api/billable-time', { query: { client_id, sort: 'id' } })).body.items;
  expect(stored).toEqual(body.items);
  const again = await reprice({ client_id });
  expect(again.body.items.map(one => one.version)).toEqual(stored.map(one => one.version));
});

test('by client and days, of which a technician has the own ones', async () => {
  const client_id = await client();
  const { id: user_id, token } = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const mine = (await draft(client_id, {}, token)).body.id;
  const ids = await rated(client_id, '2026-01-14', '2026-01-15', '2026-01-16');
  await t.http('PATCH', `/api/clients/${client_id}`, { body: { default_hourly_rate: '60' } });
  const own = await reprice({ client_id }, token);
  expect(own.body.items).toMatchObject([{ id: mine, user_id, hourly_rate: '60.00', rate_source: 'client' }]);
  expect((await reprice({ ids }, token)).status).toBe(403);
  const days = await reprice({ client_id, from: '2026-01-15', to: '2026-01-15' });
  expect(days.body.items.map(one => one.id)).toEqual([mine, ids[1]]);
  await t.http('POST', `/api/billable-time/${ids[0]}/submit`);
  const refused = await reprice({ ids });
  expect([refused.status, refused.body.details.ids]).toEqual([409, [ids[0]]]);
  const rest = await t.http('GET', `/api/billable-time/${ids[2]}`);
  expect(rest.body.hourly_rate).toBeNull();
  const narrow = await t.user({ client_access: 'only', client_ids: [] });
  expect((await reprice({ ids: [ids[2] ?? ''] }, narrow.token)).status).toBe(422);
  expect((await reprice({ client_id }, narrow.token)).body.items).toEqual([]);
});

test.each([
  [{}, 'ids'],
  [
    { ids: ['0198a000-0000-7000-8000-000000000001'], client_id: '0198a000-0000-7000-8000-000000000001' },
    'ids',
  ],
  [{ ids: ['0198a000-0000-7000-8000-000000000001'], from: '2026-01-01' }, 'from'],
  [{ client_id: '0198a000-0000-7000-8000-000000000001', from: '2026-01-02', to: '2026-01-01' }, 'to'],
])('%j is refused', async (body, field) => {
  const { status, body: answer } = await reprice(body);
  expect([status, answer.details.field]).toEqual([422, field]);
});

test('a rate rule that says nothing but for whom it is refused; one that takes rounding away says so', async () => {
  const client_id = await client();
  const rule = (body: Body) => t.http('POST', '/api/rate-rules', { body: { client_id, ...body } });
  for (const more of [{}, { hourly_rate: null, labour_type: 'remote' }, { scope: 'day' }]) {
    const { status, body } = await rule(more);
    expect([status, body.details.field]).toEqual([422, 'hourly_rate']);
  }
  expect((await rule({ rounding: 'none' })).status).toBe(201);
});

test('time is added up by the weeks of ISO 8601', async () => {
  const client_id = await client();
  await rated(client_id, '2024-12-29', '2024-12-30', '2025-01-05', '2025-01-06');
  const query = { client_id, group_by: 'week' };
  const { groups } = (await t.http('GET', '/api/billable-time/summary', { query })).body;
  expect((groups as Body[]).map(one => [one.key, one.entries])).toEqual([
    ['2024-W52', 1],
    ['2025-W01', 2],
    ['2025-W02', 1],
  ]);
});

test('the overview calls a credit a credit', async () => {
  const client_id = await client();
  const { id } = (await draft(client_id, { hourly_rate: '60' })).body;
  for (const step of ['submit', 'approve']) await t.http('POST', `/api/billable-time/${id}/${step}`);
  await t.http('POST', '/api/billable-time/mark-billed', { body: { ids: [id], invoice_ref: 'week-1' } });
  const body = { reason: 'Billed twice', work_date: '2026-01-31' };
  expect((await t.http('POST', `/api/billable-time/${id}/credit`, { body })).status).toBe(201);
  const overview = await t.http('GET', `/api/clients/${client_id}/overview`);
  expect(overview.text).toContain('2026-01-31 credit remote -10 min');
});

test('a session of another day without a start is closed by who says when it ended', async () => {
  const { id } = await t.make('sessions', { session_date: '2026-01-12', started_at: undefined });
  const close = (body: Body) => t.http('POST', `/api/sessions/${id}/close`, { body });
  const refused = await close({});
  expect([refused.status, refused.body.details.field]).toEqual([422, 'ended_at']);
  expect((await close({ ended_at: '2026-01-12T17:00:00Z' })).status).toBe(200);
});
