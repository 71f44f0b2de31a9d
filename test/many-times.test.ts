import { type Body, type Shown, startApp, type TestApp } from './app.js';
import { entriesOf } from './harness/journal.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const hourly = { increment_minutes: 60, rounding: 'up', hourly_rate: '100' };
const many = (step: string, ids: string[], more: Body = {}, token?: string) =>
  t.http('POST', `/api/billable-time/${step}`, { body: { ids, ...more }, token });
const list = async (client_id: string, token?: string) =>
  (await t.http('GET', '/api/billable-time', { query: { client_id, sort: 'id', limit: 1000 }, token })).body
    .items;
const states = async (client_id: string) => (await list(client_id)).map(one => one.status);
const minutes = async (client_id: string) => (await list(client_id)).map(one => one.billable_minutes);

async function ruled(given: Body): Promise<string> {
  const client_id = (await t.make('clients')).id;
  const { status } = await t.http('POST', '/api/rate-rules', { body: { client_id, ...hourly, ...given } });
  expect(status).toBe(201);
  return client_id;
}

async function written(client_id: string, all: Body[], token?: string): Promise<string[]> {
  const items = all.map(one => ({ client_id, work_date: '2026-01-31', labour_type: 'remote', ...one }));
  const { body } = await t.http('POST', '/api/billable-time/bulk', { body: { atomic: true, items }, token });
  return body.results.map(one => String(one.id));
}

describe('many entries of time', () => {
  test('go the whole way together, and each says so on the trail', async () => {
    const client_id = await ruled({ scope: 'day' });
    const ids = await written(
      client_id,
      [45, 45, 5].map(worked_minutes => ({ worked_minutes })),
    );
    for (const [step, status] of [
      ['submit', 'submitted'],
      ['approve', 'approved'],
      ['reopen', 'draft'],
    ] as const) {
      const { status: code, body } = await many(step, ids);
      expect([code, body.results]).toEqual([200, ids.map((id, index) => ({ index, status: 200, id }))]);
      expect(new Set(await states(client_id))).toEqual(new Set([status]));
      expect(await minutes(client_id)).toEqual([45, 45, 30]);
    }
    const actions = (await entriesOf(t, ids[0] ?? '')).map(one => one.action);
    expect(actions).toEqual(['create', 'submit', 'approve', 'reopen'].map(verb => `billable_time.${verb}`));
  });

  test('of a group that come back change those that stayed once', async () => {
    const client_id = await ruled({ scope: 'day' });
    const ids = await written(
      client_id,
      Array.from({ length: 20 }, () => ({ worked_minutes: 7 })),
    );
    await many('submit', ids.slice(0, 19));
    const before = (await list(client_id)).at(-1) as Shown;
    const { body } = await many('reopen', ids.slice(0, 19));
    expect(body.results.every(one => one.status === 200)).toBe(true);
    expect((await minutes(client_id)).reduce((sum: number, one) => sum + Number(one), 0)).toBe(180);
    const after = (await list(client_id)).at(-1) as Shown;
    expect(after.version - before.version).toBeLessThanOrEqual(1);
  });

  test('each has its result, or, when atomic, none is moved', async () => {
    const client_id = await ruled({ scope: 'entry' });
    const scopes = ['msp:read', 'msp:write'] as ('msp:read' | 'msp:write')[];
    const own = await t.user({ scopes });
    const [mine, done] = (await written(
      client_id,
      [{ worked_minutes: 5 }, { worked_minutes: 6 }],
      own.token,
    )) as [string, string];
    const [foreign] = (await written(client_id, [{ worked_minutes: 7 }])) as [string];
    await many('submit', [done], {}, own.token);
    const ids = [foreign, client_id, done, mine];
    const { body } = await many('submit', ids, {}, own.token);
    expect(body.results.map(one => [one.index, one.status, one.error?.code])).toEqual([
      [0, 403, 'authorization'],
      [1, 404, 'not_found'],
      [2, 409, 'conflict'],
      [3, 200, undefined],
    ]);
    await many('reopen', [mine], {}, own.token);
    const refused = await many('submit', [mine, done, foreign], { atomic: true }, own.token);
    expect([refused.status, refused.body.details.index]).toEqual([409, 1]);
    expect(await states(client_id)).toEqual(['draft', 'submitted', 'draft']);
    expect((await many('approve', [done], {}, own.token)).status).toBe(403);
    const blind = await t.user({ client_access: 'except', client_ids: [client_id] });
    expect((await many('submit', [mine], {}, blind.token)).body.results).toMatchObject([{ status: 404 }]);
  });

  test('are 1 to 1,000 different ones', async () => {
    const id = (await t.make('clients')).id;
    for (const ids of [[], [id, id], [id, id.toUpperCase()], Array.from({ length: 1001 }, () => id)])
      expect((await many('submit', ids)).status).toBe(422);
    const client_id = await ruled({ scope: 'day' });
    const [own = ''] = await written(client_id, [{ worked_minutes: 1 }]);
    for (const step of ['submit', 'approve', 'reopen', 'mark-billed']) {
      const { status, body } = await many(step, [own, own.toUpperCase()], step === 'mark-billed' ? { invoice_ref: 'R-1' } : {}); // prettier-ignore
      expect([status, body.details.errors]).toMatchObject([422, [{ field: 'ids', rule: 'arrayUnique' }]]);
    }
    expect((await many('submit', [own.toUpperCase()])).body.results).toMatchObject([
      { status: 200, id: own },
    ]);
    await t.http('DELETE', `/api/billable-time/${own}`);
    const ids = await written(
      client_id,
      Array.from({ length: 1000 }, () => ({ worked_minutes: 1 })),
    );
    for (const step of ['submit', 'approve', 'reopen', 'submit']) {
      const { body } = await many(step, ids, { atomic: true });
      expect(body.results.filter(one => one.status === 200)).toHaveLength(1000);
    }
    expect((await minutes(client_id)).reduce((sum: number, one) => sum + Number(one), 0)).toBe(1020);
  }, 120_000);

  test('of one technician leave room for those of others in a group', async () => {
    const client_id = await ruled({ scope: 'day' });
    const scopes = ['msp:read', 'msp:write'] as ('msp:read' | 'msp:write')[];
    const [one, other] = [await t.user({ scopes }), await t.user({ scopes })];
    const item = { client_id, work_date: '2026-01-31', labour_type: 'remote', worked_minutes: 1 };
    const post = (count: number, token: string) => {
      const items = Array.from({ length: count }, () => item);
      return t.http('POST', '/api/billable-time/bulk', { body: { items }, token });
    };
    const { body } = await post(252, one.token);
    expect(body.results.map(result => result.status)).toEqual([
      ...Array.from({ length: 250 }, () => 201),
      409,
      409,
    ]);
    expect((await post(1, one.token)).body.results[0]?.status).toBe(409);
    expect((await post(1, other.token)).body.results[0]?.status).toBe(201);
    const elsewhere = { ...item, work_date: '2026-02-01' };
    const moved = await t.http('POST', '/api/billable-time', { body: elsewhere, token: one.token });
    const path = `/api/billable-time/${moved.body.id}`;
    const into = { body: { work_date: item.work_date }, token: one.token };
    expect([moved.status, (await t.http('PATCH', path, into)).status]).toEqual([201, 409]);
    expect((await t.http('POST', '/api/billable-time', { body: { ...item, user_id: one.id } })).status).toBe(
      201,
    );
    const first = body.results[0]?.id ?? '';
    const more = { body: { worked_minutes: 2 }, token: one.token };
    expect((await t.http('PATCH', `/api/billable-time/${first}`, more)).status).toBe(200);
    expect((await many('submit', [first], {}, one.token)).body.results).toMatchObject([{ status: 200 }]);
  }, 60_000);

  test('that move at the same time are moved once', async () => {
    const client_id = await ruled({ scope: 'day' });
    const ids = await written(
      client_id,
      Array.from({ length: 10 }, () => ({ worked_minutes: 7 })),
    );
    const answers = await Promise.all([many('submit', ids), many('submit', [...ids].reverse())]);
    const moved = answers.flatMap(one => one.body.results.filter(result => result.status === 200));
    expect(moved.map(one => one.id).sort()).toEqual([...ids].sort());
  });
});
