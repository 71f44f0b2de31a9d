import { type Shown, startApp, type TestApp, type TestUser } from './app.js';

let t: TestApp;
let client: string;
let owner: TestUser;
let other: TestUser;
beforeAll(async () => {
  t = await startApp();
  client = await t.client();
  owner = await t.user({ scopes: ['msp:read', 'msp:write'] });
  other = await t.user({ scopes: ['msp:read', 'msp:write'] });
});
afterAll(() => t.close());

async function create(body: object = {}, user = owner): Promise<Shown> {
  const full = {
    client_id: client,
    credential_type: 'password',
    service_name: 'Mail',
    password: 'CANARY-mail',
    ...body,
  };
  const answer = await t.http('POST', '/api/credentials', { token: user.token, body: full });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body as Shown;
}

async function grant(body: object): Promise<Shown> {
  const answer = await t.http('POST', '/api/credential-permissions', {
    body: { user_id: other.id, ...body },
  });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body as Shown;
}

const get = (id: string, user: TestUser, query = {}) =>
  t.http('GET', `/api/credentials/${id}`, { token: user.token, query });

test('without a grant another one’s credential does not exist, in every route', async () => {
  const { id } = await create();
  const path = `/api/credentials/${id}`;
  const token = other.token;
  expect((await get(id, other)).status).toBe(404);
  expect((await t.http('PATCH', path, { token, body: { notes: 'x' } })).status).toBe(404);
  expect((await t.http('POST', `${path}/rotate`, { token, body: { value: 'CANARY-x' } })).status).toBe(404);
  expect((await t.http('GET', `${path}/otp`, { token })).status).toBe(404);
  expect((await t.http('GET', `${path}/versions`, { token })).status).toBe(404);
  expect(
    (await t.http('POST', `${path}/versions/1/reveal`, { token, body: { reason: 'why not' } })).status,
  ).toBe(404);
  for (const legacy of ['/credentials', '/creds'])
    expect((await t.http('GET', `${legacy}/${id}`, { token })).status).toBe(404);
  const list = await t.http('GET', '/api/credentials', { token, query: { limit: '1000' } });
  expect((list.body.items as Shown[]).some(one => one.id === id)).toBe(false);
  const reveal = await t.http('POST', '/api/credentials/reveal', {
    token,
    body: { ids: [id], reason: 'why not' },
  });
  expect(reveal.body.results).toMatchObject([{ status: 404 }]);
  expect(
    (
      await t.http('POST', '/api/credential-permissions', {
        token,
        body: { credential_id: id, user_id: other.id, level: 'manage' },
      })
    ).status,
  ).toBe(422);
  const refused = await t.sql(
    "SELECT * FROM journal WHERE action = ? AND actor_id = ? AND outcome = 'refused'",
    ['credential.view', other.id],
  );
  expect(refused.length).toBeGreaterThan(0);
});

test('view shows the metadata, reveal opens, manage changes; each level no more', async () => {
  const { id } = await create();
  const permission = await grant({ credential_id: id, level: 'view' });
  const set = (level: string) =>
    t.http('PATCH', `/api/credential-permissions/${permission.id}`, { body: { level } });
  expect((await get(id, other)).body).not.toHaveProperty('password');
  expect((await t.http('GET', `/credentials/${id}`, { token: other.token })).status).toBe(403);
  const patch = () =>
    t.http('PATCH', `/api/credentials/${id}`, { token: other.token, body: { notes: 'hello' } });
  expect((await patch()).status).toBe(403);
  await set('reveal');
  expect((await get(id, other)).body.password).toBe('CANARY-mail');
  expect((await patch()).status).toBe(403);
  await set('manage');
  expect((await patch()).status).toBe(200);
  expect(
    (
      await t.http('POST', `/api/credentials/${id}/rotate`, {
        token: other.token,
        body: { value: 'CANARY-new' },
      })
    ).status,
  ).toBe(200);
});

test('an expired grant is none; a grant on the client reaches all of its credentials', async () => {
  const [one, two] = [await create(), await create()];
  const ended = await grant({ credential_id: one.id, level: 'reveal' });
  await t.change('UPDATE credential_permissions SET expires_at = ? WHERE id = ?', [
    '2020-01-01 00:00:00.000',
    ended.id,
  ]);
  expect((await get(one.id, other)).status).toBe(404);
  const all = await grant({ client_id: client, level: 'reveal' });
  expect((await get(one.id, other)).body.password).toBe('CANARY-mail');
  expect((await get(two.id, other)).body.password).toBe('CANARY-mail');
  await t.http('DELETE', `/api/credential-permissions/${all.id}`);
  expect((await get(two.id, other)).status).toBe(404);
});

test('a grant does not reach beyond client_access', async () => {
  const elsewhere = await t.make('clients');
  const fenced = await t.user({ scopes: ['msp:read'], client_access: 'only', client_ids: [elsewhere.id] });
  const { id } = await create();
  await grant({ credential_id: id, level: 'reveal', user_id: fenced.id });
  expect((await get(id, fenced)).status).toBe(404);
});

test('administrators reveal client and pool secrets, of private ones they see the metadata only', async () => {
  const shared = await create();
  const mine = await create({ client_id: null, visibility: 'private', password: 'CANARY-private' });
  expect((await t.http('GET', `/api/credentials/${shared.id}`)).body.password).toBe('CANARY-mail');
  const seen = await t.http('GET', `/api/credentials/${mine.id}`);
  expect([seen.status, seen.body.password]).toEqual([200, undefined]);
  for (const body of [{ visibility: 'pool' }, { owner_id: t.admin.id }, { client_id: client }])
    expect((await t.http('PATCH', `/api/credentials/${mine.id}`, { body })).status).toBe(403);
  expect((await t.http('GET', `/credentials/${mine.id}`)).status).toBe(403);
  expect((await get(mine.id, owner)).body.password).toBe('CANARY-private');
});

test('nobody creates in another one’s name, or grants what is not theirs', async () => {
  const body = { credential_type: 'password', service_name: 'x', owner_id: other.id };
  expect((await t.http('POST', '/api/credentials', { token: owner.token, body })).status).toBe(403);
  const { id } = await create({}, other);
  const permission = { credential_id: id, user_id: owner.id, level: 'reveal' };
  expect(
    (await t.http('POST', '/api/credential-permissions', { token: owner.token, body: permission })).status,
  ).toBe(422);
  expect(
    (
      await t.http('POST', '/api/credential-permissions', {
        token: owner.token,
        body: { client_id: client, user_id: owner.id, level: 'reveal' },
      })
    ).status,
  ).toBe(403);
});

test('a grant is on a credential or on a client, once for each user: granting again changes it', async () => {
  const { id } = await create();
  const post = (body: object) =>
    t.http('POST', '/api/credential-permissions', { body: { user_id: other.id, level: 'view', ...body } });
  expect((await post({})).status).toBe(422);
  expect((await post({ credential_id: id, client_id: client })).status).toBe(422);
  const first = await post({ credential_id: id });
  const again = await post({ credential_id: id, level: 'reveal' });
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toMatchObject({ id: first.body.id, level: 'reveal', version: 2 });
  expect(await t.sql('SELECT id FROM credential_permissions WHERE credential_id = ?', [id])).toHaveLength(1);
});

test('the policy reason asks for one, otp for a fresh code, and each is on the record', async () => {
  const asks = await create({ reveal_policy: 'reason' });
  expect((await get(asks.id, owner)).status).toBe(403);
  expect((await get(asks.id, owner, { reveal: 'false' })).status).toBe(200);
  const told = await t.http('GET', `/api/credentials/${asks.id}`, {
    token: owner.token,
    headers: { 'x-opskeep-reason': 'the printer' },
  });
  expect(told.body.password).toBe('CANARY-mail');
  const step = await create({ reveal_policy: 'otp' });
  expect((await get(step.id, owner)).status).toBe(403);
});

test('the earlier manager’s routes give the main secret with the same entry', async () => {
  const { id } = await create({ name: 'mail-admin' });
  const answer = await t.http('GET', `/creds/${id}`, { token: owner.token });
  expect(answer.body).toEqual({
    id,
    name: 'mail-admin',
    type: 'password',
    service: 'Mail',
    value: 'CANARY-mail',
  });
  const [entry] = await t.sql<{ action: string }>(
    'SELECT action FROM journal WHERE resource_id = ? ORDER BY n DESC',
    [id],
  );
  expect(entry?.action).toBe('credential.decrypt');
});

test('the trail: administrators see all, others their own actions and those on what they see', async () => {
  const { id } = await create();
  await t.http('GET', `/api/credentials/${id}`);
  const of = async (user: TestUser, query = {}) =>
    (await t.http('GET', '/api/credential-audit-logs', { token: user.token, query })).body
      .items as unknown as {
      credential_id: string;
      user_id: string;
      id: string;
    }[];
  expect((await of(owner, { credential_id: id })).some(one => one.user_id === t.admin.id)).toBe(true);
  expect(await of(other, { credential_id: id })).toEqual([]);
  const [entry] = await of(owner, { credential_id: id, action: 'view' });
  const path = `/api/credential-audit-logs/${entry?.id}`;
  expect((await t.http('GET', path, { token: owner.token })).body).toMatchObject({
    action: 'view',
    credential_id: id,
  });
  expect((await t.http('GET', path, { token: other.token })).status).toBe(404);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect((await t.http(method, path, { body: {} })).status).toBe(405);
  const first = await t.http('GET', '/api/credential-audit-logs', { query: { limit: '1' } });
  const walked: string[] = (first.body.items as Shown[]).map(one => one.id);
  for (let next = first.body.next as string | null; next;) {
    const page = await t.http('GET', '/api/credential-audit-logs', { query: { limit: '7', cursor: next } });
    walked.push(...(page.body.items as Shown[]).map(one => one.id));
    next = page.body.next as string | null;
  }
  expect(new Set(walked).size).toBe(walked.length);
  expect(walked).toHaveLength(Number(first.body.total));
});

test('a client with credentials cannot be deleted; a user with private ones neither', async () => {
  const place = await t.make('clients');
  await create({ client_id: place.id });
  expect((await t.http('DELETE', `/api/clients/${place.id}`)).status).toBe(409);
  const leaver = await t.user();
  await create({ client_id: null }, leaver);
  expect((await t.http('DELETE', `/api/users/${leaver.id}`)).status).toBe(409);
  const helper = await t.user();
  const kept = await create({}, helper);
  expect((await t.http('DELETE', `/api/users/${helper.id}`)).status).toBe(204);
  expect((await t.http('GET', `/api/credentials/${kept.id}`)).body).toMatchObject({
    owner_id: null,
    password: 'CANARY-mail',
  });
});

test('only an administrator makes private what belongs to a client or the pool', async () => {
  const patch = (id: string, body: object, token: string) =>
    t.http('PATCH', `/api/credentials/${id}`, { token, body });
  const ofClient = await create({ visibility: 'private' });
  const inPool = await create({ client_id: null, visibility: 'pool' });
  for (const [id, change] of [
    [ofClient.id, { client_id: null }],
    [inPool.id, { visibility: 'private' }],
  ] as const) {
    const refused = await patch(id, change, owner.token);
    expect([change, refused.status, refused.body.details]).toMatchObject([
      change,
      403,
      { field: Object.keys(change)[0] },
    ]);
    expect((await t.http('GET', `/api/credentials/${id}`)).body.password).toBe('CANARY-mail');
  }
  const shared = await create({ visibility: 'pool' });
  expect((await patch(shared.id, { client_id: null }, owner.token)).status).toBe(200);
  expect((await patch(shared.id, { visibility: 'private' }, owner.token)).status).toBe(403);
  expect((await patch(ofClient.id, { client_id: null }, t.admin.token)).status).toBe(200);
  expect((await get(ofClient.id, owner)).body.password).toBe('CANARY-mail');
});
