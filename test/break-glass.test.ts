import { ADMIN_PASSWORD, type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';
import { EventBus } from '../src/core/events/events.js';
import { enrol, type Factor } from './harness/second-factor.js';

let t: TestApp;
let owner: TestUser;
let admin: TestUser;
beforeAll(async () => {
  t = await startApp();
  owner = await t.user({ scopes: ['msp:read', 'msp:write'] });
  admin = await t.user();
});
afterAll(() => t.close());

const REASON = 'The owner is ill, and the mail server is down';

async function secret(user = owner): Promise<Shown> {
  const body = { credential_type: 'password', service_name: 'Mail', password: 'CANARY-private' };
  const answer = await t.http('POST', '/api/credentials', { token: user.token, body });
  expect(answer.status).toBe(201);
  return answer.body;
}

const breakGlass = (id: string, body: Body, { user = admin, headers = {} } = {}) =>
  t.http('POST', `/api/credentials/${id}/break-glass`, { token: user.token, body, headers });
const get = (id: string, user = admin) => t.http('GET', `/api/credentials/${id}`, { token: user.token });
let factor: Factor | undefined;
/** A fresh code of an administrator who has a second factor from here on. */
async function factorOf(user: TestUser): Promise<string> {
  factor ??= await enrol(t, user);
  return factor.code();
}
const factorOfAdmin = () => factor as Factor;
const logs = async (id: string, user: TestUser) =>
  (await t.http('GET', `/api/credential-audit-logs/by-credential/${id}`, { token: user.token })).body.items;

test('opens another one’s private credential for 15 minutes, with an incident, an entry and the owner told', async () => {
  const { id } = await secret();
  expect((await get(id)).body).not.toHaveProperty('password');
  const told: unknown[] = [];
  t.app.get(EventBus).on('vault.break_glass', fact => void told.push(fact));
  const answer = await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD });
  expect([answer.status, answer.body]).toMatchObject([200, { credential_id: id, level: 'reveal' }]);
  const left = Date.parse(String(answer.body.expires_at)) - Date.now();
  expect(left).toBeGreaterThan(14 * 60_000);
  expect(left).toBeLessThanOrEqual(15 * 60_000);

  expect((await get(id)).body.password).toBe('CANARY-private');
  const bulk = { ids: [id], reason: 'to restart the mail' };
  const many = await t.http('POST', '/api/credentials/reveal', { token: admin.token, body: bulk });
  expect(many.body.results).toMatchObject([{ status: 200 }]);

  const incident = await t.http('GET', `/api/security-incidents/${String(answer.body.incident_id)}`);
  expect(incident.body).toMatchObject({ severity: 'high', incident_type: 'unauthorized_access' });
  expect(JSON.stringify(incident.body)).not.toContain('Mail');
  const linked = await t.http('GET', `/api/security-incidents/${incident.body.id}/credentials`);
  expect(linked.body.items).toMatchObject([{ credential_id: id }]);

  const seen = (await logs(id, owner)) as unknown as { action: string; user_id: string; details: Body }[];
  const entry = seen.find(one => one.action === 'break_glass');
  expect(entry).toMatchObject({ user_id: admin.id, details: { reason: REASON, owner_id: owner.id } });
  expect(seen.filter(one => one.details.break_glass === true).length).toBeGreaterThan(1);
  expect(told).toMatchObject([{ actor_id: admin.id, credential_id: id, owner_id: owner.id }]);

  // The right is to reveal, of this administrator alone, and ends by itself.
  const token = admin.token;
  const path = `/api/credentials/${id}`;
  for (const body of [
    { notes: 'x' },
    { password: 'CANARY-other' },
    { visibility: 'pool' },
    { owner_id: admin.id },
  ])
    expect((await t.http('PATCH', path, { token, body })).status).toBe(403);
  expect((await t.http('POST', `${path}/rotate`, { token, body: {} })).status).toBe(403);
  expect((await t.http('DELETE', path, { token })).status).toBe(403);
  expect((await get(id, t.admin)).body).not.toHaveProperty('password');
  await t.change('UPDATE break_glass_rights SET expires_at = ?', ['2020-01-01 00:00:00.000']);
  expect((await get(id)).body).not.toHaveProperty('password');
  expect((await t.http('GET', `/creds/${id}`, { token })).status).toBe(403);
});

test.each([
  ['all', async () => []],
  ['except', async () => [await t.client()]],
  ['only', async () => [await t.client()]],
  ['only', async () => []],
] as const)('an owner who sees %s of the clients learns of it', async (client_access, ids) => {
  const client_ids = await ids();
  const one = await t.user({ scopes: ['msp:read', 'msp:write'], client_access, client_ids });
  const { id } = await secret(one);
  const user = await t.user();
  expect((await breakGlass(id, { reason: REASON, password: 'CANARY-wrong' }, { user })).status).toBe(403);
  const { body } = await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD }, { user });
  await get(id, user);
  const seen = (await logs(id, one)).map(({ action, outcome }) => [action, outcome]);
  expect(seen).toEqual([
    ['view', 'ok'],
    ['decrypt', 'ok'],
    ['break_glass', 'ok'],
    ['break_glass', 'refused'],
    ['create', 'ok'],
  ]);
  const query = { action: 'break_glass', outcome: 'ok' };
  const listed = await t.http('GET', '/api/credential-audit-logs', { token: one.token, query });
  expect(listed.body.items.map(entry => [entry.credential_id, entry.user_id])).toEqual([[id, user.id]]);
  const asOwner = (path: string) => t.http('GET', `/api/security-incidents${path}`, { token: one.token });
  const incident_id = String(body.incident_id);
  expect((await asOwner('')).body.items.map(incident => incident.id)).toContain(incident_id);
  expect((await asOwner(`/${incident_id}/timeline`)).body.items).toHaveLength(1);
  expect((await asOwner(`/${incident_id}/credentials`)).body.items).toMatchObject([{ credential_id: id }]);
  // Others who see only some clients do not.
  const other = await t.user({ client_access: 'only', client_ids: [] });
  await secret(other);
  const hidden = await t.http('GET', `/api/security-incidents/${incident_id}`, { token: other.token });
  expect(hidden.status).toBe(404);
  expect(await logs(id, other)).toEqual([]);
});

test('needs a reason, msp:admin, and the present password or a fresh code', async () => {
  const { id } = await secret();
  await factorOf(admin);
  const factor = factorOfAdmin();
  const asked: [Body, Record<string, string>, number][] = [
    [{ password: ADMIN_PASSWORD }, {}, 422],
    [{ reason: '    short   ', password: ADMIN_PASSWORD }, {}, 422],
    [{ reason: '\u200b'.repeat(10), password: ADMIN_PASSWORD }, {}, 422],
    [{ reason: `so ${' '.repeat(10)}${'\u2800'.repeat(10)}`, password: ADMIN_PASSWORD }, {}, 422],
    [{ reason: REASON, password: null }, {}, 422],
    [{ reason: REASON }, {}, 403],
    [{ reason: REASON, password: 'CANARY-wrong' }, {}, 403],
    [{ reason: REASON, otp: factor.wrong() }, {}, 403],
    [{ reason: REASON }, { 'x-opskeep-otp': factor.wrong() }, 403],
  ];
  for (const [body, headers, status] of asked)
    expect([body, (await breakGlass(id, body, { headers })).status]).toEqual([body, status]);
  expect(await t.sql('SELECT id FROM break_glass_rights WHERE credential_id = ?', [id])).toEqual([]);
  const refused = await t.sql(
    "SELECT id FROM journal WHERE action = 'credential.break_glass' AND outcome = 'refused' AND resource_id = ?",
    [id],
  );
  expect(refused.length).toBeGreaterThan(0);
  const wrong = await t.sql(
    "SELECT id FROM journal WHERE action = 'auth.step_up' AND outcome = 'refused' AND actor_id = ?",
    [admin.id],
  );
  expect(wrong).toHaveLength(3);
  const [user] = await t.sql('SELECT failed_logins FROM users WHERE id = ?', [admin.id]);
  expect(Number(user?.failed_logins)).toBe(3);

  expect((await breakGlass(id, { reason: REASON, otp: await factor.code() })).status).toBe(200);
  const headers = { 'x-opskeep-otp': await factor.code() };
  expect((await breakGlass(id, { reason: REASON }, { headers })).status).toBe(200);
  const plain = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const answer = await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD }, { user: plain });
  expect(answer.status).toBe(403);
});

test('wrong passwords lock it like the login', async () => {
  const { id } = await secret();
  const guesser = await t.user();
  for (let n = 0; n < 5; n++)
    await breakGlass(id, { reason: REASON, password: `CANARY-wrong ${n}` }, { user: guesser });
  const right = await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD }, { user: guesser });
  expect(right.status).toBe(403);
});

test('is for private credentials of others alone', async () => {
  const shared = await t.make('credentials');
  const own = await secret(admin);
  for (const { id } of [shared, own])
    expect((await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD })).status).toBe(409);
  const fenced = await t.user({ client_access: 'only', client_ids: [await t.client()] });
  const { id } = await secret();
  const answer = await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD }, { user: fenced });
  expect(answer.status).toBe(404);
});

test('of an owner who has left, it also moves the credential for these minutes', async () => {
  const leaver = await t.user();
  const { id } = await secret(leaver);
  await t.http('PATCH', `/api/users/${leaver.id}`, { body: { is_active: false } });
  const token = admin.token;
  const move = () => t.http('PATCH', `/api/credentials/${id}`, { token, body: { owner_id: admin.id } });
  expect((await move()).status).toBe(403);
  const opened = await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD });
  expect(opened.body.level).toBe('manage');
  const permission = { credential_id: id, user_id: owner.id, level: 'manage' };
  const grant = (more: Body) =>
    t.http('POST', '/api/credential-permissions', { token, body: { ...permission, ...more } });
  expect((await grant({})).status).toBe(422);
  expect((await grant({ user_id: admin.id, expires_at: opened.body.expires_at })).status).toBe(403);
  expect((await move()).status).toBe(200);
  expect((await get(id)).body).toMatchObject({ owner_id: admin.id, password: 'CANARY-private' });
});

test('the right ends when the credential has another owner', async () => {
  const leaver = await t.user();
  const { id } = await secret(leaver);
  await t.http('PATCH', `/api/users/${leaver.id}`, { body: { is_active: false } });
  const helper = await t.user();
  for (const user of [admin, helper])
    expect((await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD }, { user })).status).toBe(200);
  expect((await get(id, helper)).body.password).toBe('CANARY-private');
  const body = { owner_id: owner.id };
  const moved = await t.http('PATCH', `/api/credentials/${id}`, { token: admin.token, body });
  expect(moved.status).toBe(200);
  for (const user of [admin, helper]) expect((await get(id, user)).body).not.toHaveProperty('password');
  expect((await get(id, owner)).body.password).toBe('CANARY-private');
});

test('a password that an administrator resets is on the trail: with it they could log in as its user', async () => {
  const user = await t.user();
  const body = { password: 'CANARY quiet lantern 71 orbit' };
  expect((await t.http('PATCH', `/api/users/${user.id}`, { body })).status).toBe(200);
  await t.http('PATCH', `/api/users/${user.id}`, { body: { name: 'Renamed' } });
  const entries = await t.sql(
    "SELECT actor_id FROM journal WHERE action = 'user.password_reset' AND resource_id = ?",
    [user.id],
  );
  expect(entries).toEqual([{ actor_id: t.admin.id }]);
});

describe('where the policy asks for a second person', () => {
  const asking = (given: Body = {}) =>
    t.make('credentials', { reveal_policy: 'approval', password: 'CANARY-second', ...given });
  const reveal = (id: string, user = admin, headers = {}) =>
    t.http('POST', `/api/credentials/${id}/reveal`, { token: user.token, headers, body: { reason: REASON } });

  test('an administrator goes past the approval for 15 minutes, and the entry, the incident and each reveal say so', async () => {
    const { id } = await asking();
    expect((await reveal(id)).status).toBe(403);
    const answer = await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD });
    expect([answer.status, answer.body.level]).toEqual([200, 'manage']);
    expect((await reveal(id)).text).toContain('CANARY-second');
    const incident = await t.http('GET', `/api/security-incidents/${String(answer.body.incident_id)}`);
    expect(incident.body).toMatchObject({ severity: 'critical', incident_type: 'unauthorized_access' });
    const seen = (await logs(id, t.admin)) as unknown as { action: string; outcome: string; details: Body }[];
    expect(seen.find(one => one.action === 'break_glass')?.details).toMatchObject({
      passes_approval: true,
      reason: REASON,
    });
    const reveals = seen.filter(one => one.action === 'decrypt' && one.outcome === 'ok');
    expect(reveals.length).toBeGreaterThan(0);
    for (const one of reveals) expect(one.details).toMatchObject({ break_glass: true });
    // The way around is this administrator's alone, makes no links, loosens nothing, and ends.
    expect((await reveal(id, t.admin)).status).toBe(403);
    const at = `/api/credentials/${id}`;
    const as = (method: string, path: string, body: Body) =>
      t.http(method, path, { token: admin.token, body });
    expect((await as('POST', `${at}/share`, { reason: REASON })).status).toBe(403);
    expect((await as('PATCH', at, { reveal_policy: 'open' })).status).toBe(403);
    const token = await t.http('POST', '/api/access-tokens', {
      token: admin.token,
      headers: { 'x-opskeep-otp': await factorOf(admin) },
      body: { name: 'Narrow', scopes: ['msp:read', 'msp:admin'], credential_ids: [id], actions: ['reveal'] },
    });
    expect((await t.http('GET', at, { token: String(token.body.token) })).status).toBe(403);
    await t.change('UPDATE break_glass_rights SET expires_at = ?', ['2020-01-01 00:00:00.000']);
    expect((await reveal(id)).status).toBe(403);
  });

  test('a code that it asks for as well is still asked for', async () => {
    const user = await t.user();
    const factor = await enrol(t, user);
    const client_id = (await t.make('clients', { reveal_policy: 'otp' })).id;
    const { id } = await asking({ client_id });
    const broken = await breakGlass(id, { reason: REASON, password: ADMIN_PASSWORD }, { user });
    expect(broken.status).toBe(200);
    expect((await reveal(id, user)).status).toBe(403);
    const headers = { 'x-opskeep-otp': await factor.code() };
    expect((await reveal(id, user, headers)).text).toContain('CANARY-second');
  });
});
