import { randomUUID } from 'node:crypto';
import type { Row } from '../src/core/database/sql.js';
import { Refusals } from '../src/core/audit/refusals.js';
import { startApp, type TestApp, type TestUser } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const refused = async (where: string, ...values: string[]) =>
  (await t.sql<Row>(`SELECT * FROM journal WHERE outcome = 'refused' AND ${where} ORDER BY n`, values)).map(
    row => ({ ...row, details: JSON.parse(String(row.details)) as Row }) as Row & { details: Row },
  );
const of = (user: TestUser, action: string) => refused('actor_id = ? AND action = ?', user.id, action);

/** A user with a grant to see a credential, and no more. */
async function viewer(): Promise<{ user: TestUser; ids: string[]; client_id: string }> {
  const client_id = (await t.make('clients')).id;
  const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) {
    const { id } = await t.make('credentials', { client_id });
    ids.push(id);
  }
  await t.http('POST', '/api/credential-permissions', {
    body: { client_id, user_id: user.id, level: 'view' },
  });
  return { user, ids, client_id };
}

test('stands at once, with the action, the row, its client and what was missing', async () => {
  const { user, ids, client_id } = await viewer();
  const [id = ''] = ids;
  const patch = await t.http('PATCH', `/api/credentials/${id}`, { token: user.token, body: { notes: 'x' } });
  expect(patch.status).toBe(403);
  expect(await of(user, 'credential.update')).toMatchObject([
    {
      resource_type: 'credential',
      resource_id: id,
      client_id,
      actor_name: user.email,
      details: { status: 403, route: 'PATCH /api/credentials/:id' },
    },
  ]);
  const reader = await t.user({ scopes: ['msp:read'] });
  await t.http('POST', '/api/clients', { token: reader.token, body: {} });
  expect(await of(reader, 'client.create')).toMatchObject([
    { resource_type: 'client', resource_id: null, details: { status: 403, scope: 'msp:admin' } },
  ]);
});

test('names the credential of a path that names an incident first', async () => {
  const { user, ids } = await viewer();
  const stranger = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const incident = await t.make('security-incidents', { client_id: null });
  const [id = ''] = ids;
  const path = `/api/security-incidents/${incident.id}/credentials/${id}`;
  expect((await t.http('PUT', path, { token: stranger.token })).status).toBe(404);
  const [entry, ...more] = await refused('actor_id = ?', stranger.id);
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    action: 'security_incident.credentials_update',
    resource_type: 'credential',
    resource_id: id,
  });
  expect(user.id).not.toBe(stranger.id);
});

test('repeated within a minute is one entry, and one with the count and the distinct ids at its end', async () => {
  const { ids, client_id } = await viewer();
  const stranger = await t.user({ scopes: ['msp:read'] });
  const get = (id: string) => t.http('GET', `/api/credentials/${id}`, { token: stranger.token });
  for (let n = 0; n < 4; n++) for (const id of ids) expect((await get(id)).status).toBe(404);
  const first = await of(stranger, 'credential.view');
  expect(first.map(one => one.resource_id)).toEqual(ids);
  expect(first.map(one => one.client_id)).toEqual(ids.map(() => client_id));
  await t.app.get(Refusals).flush();
  const all = await of(stranger, 'credential.view');
  expect(all).toHaveLength(ids.length + 1);
  expect(all.at(-1)).toMatchObject({
    resource_id: null,
    ip: '127.0.0.1',
    details: { count: 12, resource_ids: ids, routes: ['GET /api/credentials/:id'] },
  });
  await get(ids[0] ?? '');
  await t.app.get(Refusals).flush();
  expect(await of(stranger, 'credential.view')).toHaveLength(ids.length + 2);
});

test('of all that was asked for, again and again, is no entry for each time either', async () => {
  const stranger = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const body = { ids: [randomUUID()], reason: 'guessing' };
  const items = [{ ...(await t.body('credentials', { client_id: null })), owner_id: t.admin.id }];
  for (let n = 0; n < 4; n++) {
    await t.http('POST', '/api/credentials/reveal', { token: stranger.token, body });
    await t.http('POST', '/api/credentials/bulk', { token: stranger.token, body: { items } });
  }
  const entries = await t.sql<Row>('SELECT action FROM journal WHERE actor_id = ? ORDER BY n', [stranger.id]);
  expect(entries.map(one => one.action)).toEqual(['credential.reveal', 'credential.create']);
});

test('of more ids than anybody works with in a minute floods nothing and forgets nothing', async () => {
  const stranger = await t.user({ scopes: ['msp:read'] });
  const ids = Array.from({ length: 130 }, () => randomUUID());
  for (const id of ids) await t.http('GET', `/api/credentials/${id}`, { token: stranger.token });
  expect(await of(stranger, 'credential.view')).toHaveLength(100);
  await t.app.get(Refusals).flush();
  const last = (await of(stranger, 'credential.view')).at(-1);
  expect(last?.details).toMatchObject({ count: 130, resource_ids: ids });
});

test('of what exists has its entry, however many ids were made up before', async () => {
  const { ids, client_id } = await viewer();
  const stranger = await t.user({ scopes: ['msp:read'] });
  const reveal = (asked: string[]) =>
    t.http('POST', '/api/credentials/reveal', {
      token: stranger.token,
      body: { ids: asked, reason: 'to look around' },
    });
  for (let n = 0; n < 11; n++) await reveal(Array.from({ length: 100 }, () => randomUUID()));
  for (let n = 0; n < 3; n++) await reveal(ids);
  const entries = (await of(stranger, 'credential.reveal')).map(one => [one.resource_id, one.client_id]);
  expect(entries).toHaveLength(100 + ids.length);
  expect(entries.slice(100)).toEqual(ids.map(id => [id, client_id]));
  const path = `/api/credential-audit-logs/by-credential/${ids[0] ?? ''}`;
  const told = await t.http('GET', path, { query: { user_id: stranger.id } });
  expect(told.body.items).toMatchObject([{ outcome: 'refused' }]);
});

test('is found in the view of the trail by its outcome', async () => {
  const { user, ids } = await viewer();
  const [id = ''] = ids;
  const list = (query: Record<string, string | string[]>) =>
    t.http('GET', `/api/credential-audit-logs/by-credential/${id}`, { query });
  await t.http('DELETE', `/api/credentials/${id}`, { token: user.token });
  const refused = await t.http('PATCH', `/api/credentials/${id}`, {
    token: user.token,
    body: { notes: 'x' },
  });
  expect(refused.status).toBe(403);
  const outcomes = async (outcome: string | string[]) =>
    (await list({ outcome })).body.items.map(({ outcome, action }) => [action, outcome]);
  expect(await outcomes('refused')).toEqual([
    ['update', 'refused'],
    ['delete', 'refused'],
  ]);
  expect(await outcomes('ok')).toEqual([['create', 'ok']]);
  expect(await outcomes(['ok', 'refused'])).toHaveLength(3);
  const odd = await list({ outcome: 'CANARY' });
  expect([odd.status, odd.body.details.errors]).toEqual([
    422,
    [{ field: 'outcome', message: 'must be one of ok, refused, failed', rule: 'enum' }],
  ]);
});

test('tells whoever was refused nothing that he did not know', async () => {
  const { ids, client_id } = await viewer();
  const stranger = await t.user({ scopes: ['msp:read'] });
  const [id = ''] = ids;
  expect((await t.http('GET', `/api/credentials/${id}`, { token: stranger.token })).status).toBe(404);
  expect(await of(stranger, 'credential.view')).toMatchObject([{ resource_id: id, client_id }]);
  const queries: Record<string, string>[] = [
    {},
    { credential_id: id },
    { user_id: stranger.id },
    { outcome: 'refused' },
  ];
  for (const query of queries) {
    const list = await t.http('GET', '/api/credential-audit-logs', { token: stranger.token, query });
    expect([list.status, list.body.items, list.body.total]).toEqual([200, [], 0]);
  }
  // Whoever sees only this client sees who was refused its credentials.
  const auditor = await t.user({ client_access: 'only', client_ids: [client_id] });
  const query = { user_id: stranger.id };
  const told = await t.http('GET', '/api/credential-audit-logs', { token: auditor.token, query });
  expect(told.body.items).toMatchObject([{ credential_id: id, action: 'view', outcome: 'refused' }]);
});

test('of one among several in bulk stands there as well', async () => {
  const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const mine = await t.body('credentials', { client_id: null });
  const theirs = { ...(await t.body('credentials', { client_id: null })), owner_id: t.admin.id };
  const { body } = await t.http('POST', '/api/credentials/bulk', {
    token: user.token,
    body: { items: [mine, theirs, mine] },
  });
  expect(body.results.map(one => one.status)).toEqual([201, 403, 201]);
  expect(await of(user, 'credential.create')).toMatchObject([
    { details: { status: 403, route: 'POST /api/credentials/bulk' } },
  ]);
});

test('of a token is one entry for each address, whatever was tried', async () => {
  const before = (await refused("actor_type = 'anonymous' AND action = 'access.refused'")).length;
  for (const path of ['/api/clients', '/api/sites', '/api/credentials'])
    expect((await t.http('GET', path, { token: 'CANARY' })).status).toBe(401);
  await t.app.get(Refusals).flush();
  const found = await refused("actor_type = 'anonymous' AND action = 'access.refused'");
  expect(found).toHaveLength(before + 2);
  expect(found.at(-1)?.details).toMatchObject({
    count: 3,
    routes: ['GET /api/clients', 'GET /api/sites', 'GET /api/credentials'],
  });
});

test('takes no longer for what exists, when more was tried than has entries of its own', async () => {
  const stranger = await t.user({ scopes: ['msp:read'] });
  const hidden: string[] = [];
  for (let n = 0; n < 8; n++) hidden.push((await t.make('credentials')).id);
  const timed = async (id: string) => {
    const began = performance.now();
    expect((await t.http('GET', `/api/credentials/${id}`, { token: stranger.token })).status).toBe(404);
    return performance.now() - began;
  };
  for (let n = 0; n < 100; n++) await timed(randomUUID());
  const [existing, absent]: [number[], number[]] = [[], []];
  for (const id of hidden) {
    existing.push(await timed(id));
    absent.push(await timed(randomUUID()));
  }
  // Each comes with the same tick of 25 ms, unless the machine was busy.
  expect(Math.min(...existing)).toBeGreaterThan(24);
  expect(Math.abs(Math.min(...existing) - Math.min(...absent))).toBeLessThan(5);
});

test('is told of when the minute is over', async () => {
  jest.useFakeTimers({
    doNotFake: ['Date', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'setInterval'],
  });
  try {
    const stranger = await t.user({ scopes: ['msp:read'] });
    const id = randomUUID();
    for (let n = 0; n < 3; n++) await t.http('GET', `/api/credentials/${id}`, { token: stranger.token });
    expect(await of(stranger, 'credential.view')).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(59_000);
    expect(await of(stranger, 'credential.view')).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1_100);
    jest.useRealTimers();
    for (let n = 0; n < 40 && (await of(stranger, 'credential.view')).length < 2; n++)
      await new Promise(resolve => setTimeout(resolve, 25));
    expect((await of(stranger, 'credential.view')).at(-1)).toMatchObject({
      resource_id: id,
      details: { count: 3, resource_ids: [id] },
    });
  } finally {
    jest.useRealTimers();
  }
});
