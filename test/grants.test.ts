import { type Answer, type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';

let t: TestApp;
let client: string;
let owner: TestUser;
let manager: TestUser;
let other: TestUser;
let id: string;
const PATH = '/api/credential-permissions';
const WRITER = { scopes: ['msp:read' as const, 'msp:write' as const] };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const stored = (iso: string) => iso.slice(0, 23).replace('T', ' ');

beforeAll(async () => {
  t = await startApp();
  client = await t.client();
});
afterAll(() => t.close());
beforeEach(async () => {
  [owner, manager, other] = [await t.user(WRITER), await t.user(WRITER), await t.user(WRITER)];
  const body = {
    client_id: client,
    credential_type: 'password',
    service_name: 'Mail',
    password: 'CANARY-grant',
  };
  id = (await t.http('POST', '/api/credentials', { token: owner.token, body })).body.id;
});

const grant = (by: TestUser, to: TestUser, given: Body = {}): Promise<Answer> =>
  t.http('POST', PATH, {
    token: by.token,
    body: { credential_id: id, user_id: to.id, level: 'reveal', ...given },
  });
const change = (by: TestUser, row: Shown, body: Body, method = 'PATCH') =>
  t.http(method, `${PATH}/${row.id}`, { token: by.token, body });
const revoke = (by: TestUser, row: Shown) => t.http('DELETE', `${PATH}/${row.id}`, { token: by.token });
const password = async (user: TestUser) =>
  (await t.http('GET', `/api/credentials/${id}`, { token: user.token })).body.password;

async function granted(by: TestUser, to: TestUser, given: Body = {}): Promise<Shown> {
  const answer = await grant(by, to, given);
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body;
}

test('who manages grants within the own right: not longer, and without a right not at all', async () => {
  const until = inDays(2);
  await granted(owner, manager, { level: 'manage', expires_at: until });
  for (const expires_at of [null, inDays(3)]) {
    const answer = await grant(manager, other, { expires_at });
    expect([answer.status, answer.body.details]).toMatchObject([422, { field: 'expires_at' }]);
  }
  const row = await granted(manager, other, { expires_at: until });
  for (const expires_at of [null, inDays(3)]) {
    expect((await change(manager, row, { expires_at })).status).toBe(422);
    expect((await change(manager, row, { expires_at }, 'PUT')).status).toBe(422);
  }
  const bulk = { items: [{ credential_id: id, user_id: other.id, level: 'manage' }] };
  const many = await t.http('POST', `${PATH}/bulk`, { token: manager.token, body: bulk });
  expect(many.body.results).toMatchObject([{ status: 422 }]);
  expect((await change(manager, row, { level: 'manage' })).status).toBe(200);
  await granted(owner, other, { level: 'reveal' });
  expect((await grant(other, manager, { level: 'view' })).status).toBe(403);
});

test('of several grants the longest of those that manage counts', async () => {
  await granted(owner, manager, { level: 'manage', expires_at: inDays(2) });
  await granted(t.admin, manager, {
    credential_id: null,
    client_id: client,
    level: 'manage',
    expires_at: inDays(5),
  });
  expect((await grant(manager, other, { expires_at: inDays(4) })).status).toBe(201);
  expect((await grant(manager, other, { expires_at: inDays(6) })).status).toBe(422);
  await granted(t.admin, manager, { credential_id: null, client_id: client, level: 'reveal' });
  expect((await grant(manager, other, { expires_at: inDays(4) })).status).toBe(422);
});

test('nobody gives themselves a right, changes it or prolongs it; giving it up is free', async () => {
  const own = await granted(owner, manager, { level: 'manage', expires_at: inDays(2) });
  for (const user of [owner, manager, t.admin])
    expect((await grant(user, user, { expires_at: inDays(1) })).status).toBe(403);
  for (const body of [{ level: 'view' }, { expires_at: null }, { expires_at: inDays(1) }])
    for (const method of ['PATCH', 'PUT'])
      expect((await change(manager, own, body, method)).status).toBe(403);
  const whole = { credential_id: null, client_id: client };
  expect((await grant(t.admin, t.admin, whole)).status).toBe(403);
  expect((await revoke(manager, own)).status).toBe(204);
  expect(await password(manager)).toBeUndefined();
});

test('a right that ends neither moves the credential nor takes it over', async () => {
  const elsewhere = (await t.make('clients')).id;
  await granted(t.admin, manager, { credential_id: null, client_id: elsewhere, level: 'manage' });
  await granted(owner, manager, { level: 'manage', expires_at: inDays(2) });
  const patch = (body: Body) => t.http('PATCH', `/api/credentials/${id}`, { token: manager.token, body });
  for (const body of [{ client_id: elsewhere }, { visibility: 'pool' }, { owner_id: manager.id }])
    expect([body, (await patch(body)).status]).toEqual([body, 403]);
  expect((await patch({ notes: 'seen' })).status).toBe(200);
  await granted(owner, manager, { level: 'manage' });
  expect((await patch({ owner_id: manager.id })).status).toBe(403);
  expect((await patch({ client_id: elsewhere })).status).toBe(200);
});

test('an end lies in the future', async () => {
  const past = inDays(-1);
  expect((await grant(owner, other, { expires_at: past })).body.details).toMatchObject({
    field: 'expires_at',
  });
  const row = await granted(owner, other, { expires_at: inDays(1) });
  expect((await change(owner, row, { expires_at: past })).status).toBe(422);
  expect(
    (await grant(t.admin, other, { credential_id: null, client_id: client, expires_at: past })).status,
  ).toBe(422);
});

test('an expired grant does not block a new one: granting again changes it, with entry and version', async () => {
  const row = await granted(owner, other, { expires_at: inDays(1) });
  await t.change('UPDATE credential_permissions SET expires_at = ? WHERE id = ?', [
    stored(inDays(-1)),
    row.id,
  ]);
  expect(await password(other)).toBeUndefined();
  const again = await granted(owner, other, { level: 'manage' });
  expect(again).toMatchObject({ id: row.id, level: 'manage', expires_at: null, version: 2 });
  expect(await password(other)).toBe('CANARY-grant');
  const entries = await t.sql(
    "SELECT action FROM journal WHERE resource_id = ? AND outcome = 'ok' ORDER BY n",
    [row.id],
  );
  expect(entries.map(one => one.action)).toEqual([
    'credential_permission.create',
    'credential_permission.update',
  ]);
});

test('the same granted by many at once is one grant', async () => {
  const answers = await Promise.all(
    ['view', 'reveal', 'manage', 'view', 'reveal'].map(level => grant(owner, other, { level })),
  );
  expect(answers.map(one => one.status)).toEqual([201, 201, 201, 201, 201]);
  expect(await t.sql('SELECT id FROM credential_permissions WHERE credential_id = ?', [id])).toHaveLength(1);
});

test('whoever manages sees the grants and takes them back, without msp:admin; others do neither', async () => {
  await granted(owner, manager, { level: 'manage' });
  const row = await granted(owner, other);
  const seen = async (user: TestUser) =>
    (await t.http('GET', PATH, { token: user.token, query: { credential_id: id } })).body.items.map(
      one => one.user_id,
    );
  expect(new Set(await seen(manager))).toEqual(new Set([manager.id, other.id]));
  expect(await seen(other)).toEqual([other.id]);
  const stranger = await t.user(WRITER);
  expect((await revoke(stranger, row)).status).toBe(404);
  const mine = await granted(owner, stranger, { level: 'view' });
  expect((await revoke(other, mine)).status).toBe(404);
  expect((await revoke(manager, row)).status).toBe(204);
  expect(await password(other)).toBeUndefined();
  const reader = await t.user({ scopes: ['msp:read'] });
  expect((await revoke(reader, mine)).status).toBe(403);
});

test('who manages a whole client grants on it, no longer than that', async () => {
  const whole = { credential_id: null, client_id: client };
  expect((await grant(manager, other, whole)).status).toBe(403);
  await granted(t.admin, manager, { ...whole, level: 'manage', expires_at: inDays(2) });
  expect((await grant(manager, other, whole)).status).toBe(422);
  const row = await granted(manager, other, { ...whole, expires_at: inDays(1) });
  expect(await password(other)).toBe('CANARY-grant');
  expect((await revoke(manager, row)).status).toBe(204);
  expect(await password(other)).toBeUndefined();
});

test('who was granted what, and by whom it was taken back, stands on the credential’s trail', async () => {
  const row = await granted(owner, manager, { level: 'manage' });
  const further = await granted(manager, other, { level: 'view' });
  await change(owner, row, { level: 'reveal' });
  await revoke(owner, row);
  const entries = async (user: TestUser) => {
    const path = `/api/credential-audit-logs/by-credential/${id}`;
    const { items } = (await t.http('GET', path, { token: user.token })).body;
    return items
      .filter(one => ['grant', 'revoke'].includes(one.action as string))
      .map(one => {
        const { user_id, level } = one.details as Body;
        return [one.action, one.user_id, user_id, level];
      })
      .reverse();
  };
  const all = [
    ['grant', owner.id, manager.id, 'manage'],
    ['grant', manager.id, other.id, 'view'],
    ['revoke', owner.id, other.id, 'view'],
    ['grant', owner.id, manager.id, 'reveal'],
    ['revoke', owner.id, manager.id, 'reveal'],
  ];
  expect((await entries(owner)).sort()).toEqual([...all].sort());
  expect((await entries(t.admin)).sort()).toEqual([...all].sort());
  // Who may use it without managing it learns what the own grant is, not who else has one.
  await granted(owner, other, { level: 'reveal' });
  expect(await entries(other)).toEqual([]);
  expect(await entries(manager)).toEqual([['grant', manager.id, other.id, 'view']]);
  expect(further.level).toBe('view');
});
