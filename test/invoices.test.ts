import { type Answer, type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

let numbers = 0;
const number = () => `I-${++numbers}`;
const bill = (ids: string[], invoice_ref: string, token?: string) =>
  t.http('POST', '/api/billable-time/mark-billed', { body: { ids, invoice_ref }, token });
const told = ({ status, body }: Answer) => [status, body.error, body.details.field];
const client = async () => (await t.make('clients', { currency: 'EUR' })).id;

async function approved(client_id: string, given: Body = {}): Promise<string> {
  const body = { client_id, currency: 'EUR', hourly_rate: '10', ...given };
  const { id } = await t.make('billable-time', body);
  for (const step of ['submit', 'approve']) await t.http('POST', `/api/billable-time/${id}/${step}`);
  return id;
}
const statusOf = async (id: string) => (await t.http('GET', `/api/billable-time/${id}`)).body.status;

test('an invoice is of one client and of one currency, or nothing is billed', async () => {
  const one = await client();
  const [mine, foreign, dollars] = [
    await approved(one),
    await approved(await client()),
    await approved(one, { currency: 'USD' }),
  ];
  const mixed = await bill([mine, foreign], number());
  expect(told(mixed)).toEqual([409, 'An invoice is of one client', 'ids']);
  expect(mixed.body.details.ids).toEqual([foreign]);
  expect(told(await bill([mine, dollars], number()))).toEqual([409, 'An invoice is of one currency', 'ids']);
  for (const id of [mine, foreign, dollars]) expect(await statusOf(id)).toBe('approved');
});

test('what is billed already says on which invoice, and how it is taken back', async () => {
  const one = await client();
  const [id, other] = [await approved(one), await approved(one)];
  const invoice = number();
  await bill([id], invoice);
  const again = await bill([other, id], number());
  expect([again.status, again.body.details.ids]).toEqual([409, [id]]);
  expect(again.body.details.billed).toEqual([{ id, invoice_ref: invoice }]);
  const reopened = await t.http('POST', `/api/billable-time/${id}/reopen`);
  expect(told(reopened)).toEqual([409, expect.stringContaining('/credit'), 'status']);
});

test('a technician deletes drafts of the own time, and nothing else', async () => {
  const client_id = await client();
  const scopes = ['msp:read', 'msp:write'] as ('msp:read' | 'msp:write')[];
  const { token } = await t.user({ scopes });
  const body = { client_id, labour_type: 'remote', work_date: '2026-01-31', worked_minutes: 5 };
  const write = async () => (await t.http('POST', '/api/billable-time', { body, token })).body.id;
  const remove = async (id: string) => (await t.http('DELETE', `/api/billable-time/${id}`, { token })).status;
  const [draft, submitted] = [await write(), await write()];
  await t.http('POST', `/api/billable-time/${submitted}/submit`, { token });
  expect(await remove(draft)).toBe(204);
  expect(await remove(submitted)).toBe(409);
  expect(await remove((await t.make('billable-time', { client_id })).id)).toBe(403);
  expect((await t.http('DELETE', `/api/billable-time/${submitted}`)).status).toBe(204);
});

test('an invoice takes more of its client, and nothing of another one or in another currency', async () => {
  const one = await client();
  const [first, more, dollars] = [
    await approved(one),
    await approved(one),
    await approved(one, { currency: 'USD' }),
  ];
  const foreign = await approved(await client());
  const invoice = number();
  for (const id of [first, more]) expect((await bill([id], invoice)).status).toBe(200);
  const blind = await t.user({ client_access: 'except', client_ids: [one] });
  for (const token of [undefined, blind.token])
    expect(told(await bill([foreign], invoice, token))).toEqual([
      409,
      'This invoice is of another client',
      'invoice_ref',
    ]);
  expect(told(await bill([dollars], invoice))).toEqual([
    409,
    'This invoice is of another currency',
    'invoice_ref',
  ]);
  for (const id of [foreign, dollars]) expect(await statusOf(id)).toBe('approved');
});

test('of several that put time of their clients onto one invoice at once, one does', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await approved(await client()));
  const invoice = number();
  const answers = await Promise.all(ids.map(id => bill([id], invoice)));
  expect(answers.map(one => one.status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
});
