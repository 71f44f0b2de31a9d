import { type Answer, type Body, type Shown, startApp, type TestApp } from './app.js';
import { entriesOf } from './harness/journal.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const bill = (ids: string[], invoice_ref = `R-${ids[0] ?? ''}`) =>
  t.http('POST', '/api/billable-time/mark-billed', { body: { ids, invoice_ref } });
const credit = (id: string, body: Body = { reason: 'Billed twice' }, token?: string) =>
  t.http('POST', `/api/billable-time/${id}/credit`, { body, token });
const summary = async (client_id: string, more: Body = {}) =>
  (await t.http('GET', '/api/billable-time/summary', { query: { client_id, ...more } as never })).body
    .total as unknown as Body;

async function approved(client_id: string, given: Body = {}): Promise<Shown> {
  const entry = await t.make('billable-time', {
    client_id,
    hourly_rate: '33.33',
    worked_minutes: 7,
    ...given,
  });
  for (const step of ['submit', 'approve']) await t.http('POST', `/api/billable-time/${entry.id}/${step}`);
  return entry;
}

async function billed(client_id: string, given: Body = {}): Promise<Shown> {
  const { id } = await approved(client_id, given);
  return (await bill([id])).body.items[0] as Shown;
}

const told = ({ status, body }: Answer) => [status, body.error];

test('a credit takes back what was billed, to the cent, and leaves it as it is', async () => {
  const client_id = (await t.make('clients', { timezone: 'Europe/Zurich' })).id;
  const project_id = (await t.make('projects', { client_id })).id;
  const wrong = await billed(client_id, { project_id, description: 'Printer' });
  const right = await billed(client_id);
  expect(wrong.amount).toBe('3.89');
  const { status, headers, body } = await credit(wrong.id, {
    reason: 'Billed twice',
    work_date: '2026-03-01',
  });
  expect([status, headers.location]).toEqual([201, `/api/billable-time/${body.id}`]);
  expect(body).toMatchObject({
    client_id,
    project_id,
    user_id: wrong.user_id,
    hourly_rate: '33.33',
    credits_id: wrong.id,
    worked_minutes: 0,
    billable_minutes: -7,
    amount: '-3.89',
    description: 'Billed twice',
    status: 'approved',
    invoice_ref: null,
    work_date: '2026-03-01',
    version: 1,
  });
  expect((await t.http('GET', `/api/billable-time/${wrong.id}`)).body).toEqual(wrong);
  expect((await entriesOf(t, body.id)).map(one => one.action)).toEqual(['billable_time.credit']);
  expect((await t.http('GET', '/api/billable-time', { query: { credits_id: wrong.id } })).body.items).toEqual(
    [body],
  );
  expect(await summary(client_id)).toMatchObject({
    worked_minutes: 14,
    billable_minutes: 7,
    amounts: [{ amount: right.amount }],
  });
  expect(await summary(client_id, { from: '2026-03-01', to: '2026-03-01' })).toMatchObject({
    billable_minutes: -7,
    amounts: [{ amount: '-3.89' }],
  });
  const query = { client_id, format: 'csv', fields: 'amount', sort: 'amount' };
  const { text } = await t.http('GET', '/api/billable-time/export', { query });
  expect(text.match(/(?<=,).*/g)).toEqual(['amount', '-3.89', '3.89', '3.89']);
  expect(
    (await t.http('GET', '/api/billable-time', { query: { client_id, amount__lt: '0' } })).body.total,
  ).toBe(1);
});

test('less than a unit of money below zero is added up right', async () => {
  const client_id = (await t.make('clients')).id;
  const wrong = await billed(client_id, { hourly_rate: '0.60', worked_minutes: 5 });
  await credit(wrong.id, { reason: 'x', work_date: '2026-03-01' });
  expect(await summary(client_id, { from: '2026-03-01', to: '2026-03-01' })).toMatchObject({
    amounts: [{ amount: '-0.05' }],
  });
  expect(await summary(client_id)).toMatchObject({ amounts: [{ amount: '0.00' }] });
});

test('what is not billed, comes to nothing or is credited has no credit', async () => {
  const client_id = (await t.make('clients')).id;
  const draft = await t.make('billable-time', { client_id });
  expect(told(await credit(draft.id))).toEqual([409, expect.stringContaining('It is draft')]);
  const free = await billed(client_id, { is_billable: false });
  expect(told(await credit(free.id))).toEqual([409, 'It came to nothing']);
  const wrong = await billed(client_id);
  const answers = await Promise.all([1, 2, 3].map(() => credit(wrong.id)));
  expect(answers.map(one => one.status).sort()).toEqual([201, 409, 409]);
  expect(told(await credit(wrong.id))).toEqual([409, 'It is credited already']);
  const made = answers.find(one => one.status === 201)?.body as Shown;
  expect((await credit(made.id)).status).toBe(409);
  const elsewhere = await t.user({ client_access: 'except', client_ids: [client_id] });
  expect((await credit(wrong.id, undefined, elsewhere.token)).status).toBe(404);
  const technician = await t.user({ scopes: ['msp:read', 'msp:write'] });
  expect((await credit(wrong.id, undefined, technician.token)).status).toBe(403);
  expect((await credit(wrong.id, {})).status).toBe(422);
});

test('a credit does not come before what it takes back', async () => {
  const client_id = (await t.make('clients')).id;
  const wrong = await billed(client_id, { work_date: '2026-01-31' });
  const early = await credit(wrong.id, { reason: 'x', work_date: '2026-01-30' });
  expect([early.status, early.body.details.field]).toEqual([422, 'work_date']);
  expect((await credit(wrong.id, { reason: 'x', work_date: '2026-01-31' })).status).toBe(201);
  const nextMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const ahead = await billed(client_id, { work_date: nextMonth });
  expect((await credit(ahead.id)).body.work_date).toBe(nextMonth);
});

test('a credit is not changed; it is deleted until it is on a credit note, and then stays', async () => {
  const client_id = (await t.make('clients')).id;
  const wrong = await billed(client_id);
  const first = (await credit(wrong.id)).body;
  const path = `/api/billable-time/${first.id}`;
  expect((await t.http('PATCH', path, { body: { description: 'x' } })).status).toBe(409);
  expect((await t.http('POST', `${path}/reopen`)).status).toBe(409);
  expect((await t.http('DELETE', path)).status).toBe(204);
  const second = (await credit(wrong.id)).body;
  expect((await bill([second.id], 'C-1')).body.items).toMatchObject([
    { status: 'billed', invoice_ref: 'C-1' },
  ]);
  expect((await t.http('DELETE', `/api/billable-time/${second.id}`)).status).toBe(409);
  expect((await credit(second.id)).status).toBe(409);
  expect((await t.http('POST', '/api/billable-time', { body: { ...(await t.body('billable-time')), credits_id: wrong.id } })).status).toBe(422); // prettier-ignore
});

describe('of a group that is rounded together', () => {
  const work = { hourly_rate: null, work_date: '2026-01-31', labour_type: 'remote' };
  const ofDay = async (hourly_rate: string) => {
    const client_id = (await t.make('clients')).id;
    const rule = { client_id, increment_minutes: 60, rounding: 'up', scope: 'day', hourly_rate };
    await t.http('POST', '/api/rate-rules', { body: rule });
    return client_id;
  };
  const write = (client_id: string, worked_minutes: number) =>
    t.make('billable-time', { client_id, ...work, worked_minutes });
  const now = async ({ id }: { id: string }) => {
    const { body } = await t.http('GET', `/api/billable-time/${id}`);
    return [body.billable_minutes, body.amount];
  };

  test('one is credited, and later work is rounded with those that stay', async () => {
    const client_id = await ofDay('100');
    const all = [await write(client_id, 20), await write(client_id, 20)] as [Shown, Shown];
    const ids = all.map(one => one.id);
    for (const step of ['submit', 'approve'])
      await t.http('POST', `/api/billable-time/${step}`, { body: { ids } });
    await bill(ids);
    const back = await credit(all[1].id, { reason: 'x', work_date: '2026-01-31' });
    expect(back.body.billable_minutes).toBe(-40);
    expect((await write(client_id, 20)).billable_minutes).toBe(40);
    expect(await now(all[0])).toEqual([20, '33.33']);
    expect(await summary(client_id)).toMatchObject({
      billable_minutes: 60,
      amounts: [{ amount: '100.00' }],
    });
  });

  test('what was credited fills it no longer, until its credit is deleted', async () => {
    const client_id = await ofDay('120');
    const wrong = await billed(client_id, { ...work, worked_minutes: 45 });
    expect([wrong.billable_minutes, wrong.amount]).toEqual([60, '120.00']);
    const back = (await credit(wrong.id)).body;
    const late = await write(client_id, 10);
    expect([late.billable_minutes, late.amount]).toEqual([60, '120.00']);
    expect((await t.http('DELETE', `/api/billable-time/${back.id}`)).status).toBe(204);
    expect(await now(late)).toEqual([0, '0.00']);
    expect(await summary(client_id)).toMatchObject({ billable_minutes: 60 });
  });

  test('a draft that is there follows the credit, with its entry', async () => {
    const client_id = await ofDay('120');
    const wrong = await billed(client_id, { ...work, worked_minutes: 45 });
    const draft = await write(client_id, 10);
    expect(await now(draft)).toEqual([0, '0.00']);
    await credit(wrong.id);
    expect(await now(draft)).toEqual([60, '120.00']);
    expect((await entriesOf(t, draft.id)).at(-1)?.action).toBe('billable_time.regroup');
    expect(await now(wrong)).toEqual([60, '120.00']);
  });

  test('what is written while it is credited is rounded as after it', async () => {
    const client_id = await ofDay('120');
    const wrong = await billed(client_id, { ...work, worked_minutes: 45 });
    const [late, back] = await Promise.all([write(client_id, 10), credit(wrong.id)]);
    expect(back.status).toBe(201);
    expect(await now(late)).toEqual([60, '120.00']);
  });
});
