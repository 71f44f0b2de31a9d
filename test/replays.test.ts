import { randomUUID } from 'node:crypto';
import { Refusals } from '../src/core/audit/refusals.js';
import { clientColumn } from '../src/core/resource/resource.js';
import { type Answer, type Body, startApp, type TestApp, type TestUser } from './app.js';
import { type ApiDocument, documentOf, RESOURCES, uniformRoutes } from './harness/all-resources.js';
import { entriesOf } from './harness/journal.js';

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

/** A POST that may be sent again, with another token of the same user. */
function repeatable(path: string, body: Body): (token: string) => Promise<Answer> {
  const headers = { 'idempotency-key': randomUUID() };
  return token => t.http('POST', path, { body, token, headers });
}

/** Takes the right away, logs the user in again where that ended his logins, and sends the request again. */
async function after(user: TestUser, loss: () => Promise<Answer>, send: (token: string) => Promise<Answer>) {
  expect((await loss()).status).toBeLessThan(300);
  return send(await t.login(user.email));
}

function expectNothing(answer: Answer, statuses: number[]): void {
  expect(statuses).toContain(answer.status);
  expect(answer.headers['idempotency-replayed']).toBeUndefined();
  expect(Object.keys(answer.body).join()).toBe('error,code,details,path,request_id');
}

describe('a rotation', () => {
  let user: TestUser;
  let id: string;
  let grant: string;
  let client: string;
  let send: (token: string) => Promise<Answer>;
  beforeEach(async () => {
    client = (await t.make('clients')).id;
    id = (await t.make('credentials', { client_id: client })).id;
    user = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const body = { credential_id: id, user_id: user.id, level: 'manage' };
    grant = (await t.http('POST', '/api/credential-permissions', { body })).body.id;
    send = repeatable(`/api/credentials/${id}/rotate`, { value: 'CANARY rotated' });
    const first = await send(user.token);
    expect(first.status).toBe(200);
  });
  const versions = async () =>
    (await t.sql('SELECT version FROM credential_secrets WHERE credential_id = ?', [id])).length;

  test('is answered again to who may still rotate, is done once, and both are on the record', async () => {
    const before = await versions();
    const again = await send(user.token);
    expect([again.status, again.headers['idempotency-replayed'], again.body.id]).toEqual([200, 'true', id]);
    expect(await versions()).toBe(before);
    const told = (await entriesOf(t, id)).filter(one => one.actor_id === user.id);
    expect(told.map(one => [one.action, one.outcome])).toEqual([
      ['credential.rotate', 'ok'],
      ['credential.replay', 'ok'],
    ]);
    expect(told[1]?.request_id).toBe(again.headers['x-request-id']);
  });

  test('is not answered to who may only look, or see nothing, by now', async () => {
    const path = `/api/credential-permissions/${grant}`;
    const fewer = () => t.http('PATCH', path, { body: { level: 'view' } });
    expectNothing(await after(user, fewer, send), [403]);
    expectNothing(await after(user, () => t.http('DELETE', path), send), [404]);
    await t.app.get(Refusals).flush();
    const refused = (await entriesOf(t, id)).filter(one => one.outcome === 'refused');
    expect(refused).toMatchObject([
      { action: 'credential.rotate', actor_id: user.id, details: { status: 403 } },
      { action: 'credential.rotate', actor_id: user.id, details: { count: 2 } },
    ]);
  });

  test.each<[string, () => Body]>([
    ['a scope', () => ({ scopes: ['msp:read'] })],
    ['the client', () => ({ client_access: 'except', client_ids: [client] })],
  ])('is not answered to who has lost %s', async (_, changes) => {
    const lose = () => t.http('PATCH', `/api/users/${user.id}`, { body: changes() });
    expectNothing(await after(user, lose, send), [403, 404]);
  });
});

test('an action on a row is not answered to who does not see its client any more', async () => {
  const client_id = (await t.make('clients')).id;
  const incident = await t.make('security-incidents', { client_id });
  const path = `/api/security-incidents/${incident.id}`;
  const user = await t.user({ client_access: 'only', client_ids: [client_id] });
  const sent = [
    repeatable(`${path}/timeline`, { kind: 'note', text: 'seen' }),
    repeatable(`${path}/deadlines`, { label: 'insurer', due_at: '2031-01-01T00:00:00Z' }),
    repeatable(`${path}/rotate-affected`, {}),
  ];
  await t.http('PATCH', path, { body: { status: 'contained' } });
  sent.push(repeatable(`${path}/reopen`, { reason: 'it is back' }));
  for (const send of sent) expect((await send(user.token)).status).toBeLessThan(300);
  // The state has moved on: what a repetition would meet is no refusal.
  for (const send of sent) expect((await send(user.token)).headers['idempotency-replayed']).toBe('true');
  await t.http('PATCH', `/api/users/${user.id}`, { body: { client_ids: [] } });
  const token = await t.login(user.email);
  for (const send of sent) expectNothing(await send(token), [404]);
});

test('several at once are not answered to who may not do one of them any more', async () => {
  const user = await t.user();
  const mine = await t.body('credentials', { client_id: null });
  const items = [mine, { ...(await t.body('credentials', { client_id: null })), owner_id: t.admin.id }];
  const send = repeatable('/api/credentials/bulk', { items });
  const first = await send(user.token);
  expect(first.body.results.map(one => one.status)).toEqual([201, 201]);
  const fewer = () =>
    t.http('PATCH', `/api/users/${user.id}`, { body: { scopes: ['msp:read', 'msp:write'] } });
  expectNothing(await after(user, fewer, send), [404]);
});

describe.each(RESOURCES)('POST /api/%s/bulk', (path, spec) => {
  test('is answered again with what it made, and to nobody who does not see the client any more', async () => {
    if (clientColumn(spec) !== 'client_id' || !uniformRoutes(document, spec).has('bulk')) return;
    const client_id = (await t.make('clients')).id;
    const items = [await t.body(path, { client_id })];
    const user = await t.user({ client_access: 'only', client_ids: [client_id] });
    const send = repeatable(`/api/${path}/bulk`, { items });
    const first = await send(user.token);
    expect([first.status, first.body.results?.[0]?.status]).toEqual([200, 201]);
    const again = await send(user.token);
    expect([again.status, again.headers['idempotency-replayed'], again.body]).toEqual([
      200,
      'true',
      first.body,
    ]);
    const lose = () => t.http('PATCH', `/api/users/${user.id}`, { body: { client_ids: [] } });
    expectNothing(await after(user, lose, send), [404]);
  });
});
