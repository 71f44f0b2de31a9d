import { type Answer, type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';
import { EventBus } from '../src/core/events/events.js';
import { schemaDrift } from '../src/core/database/migrate.js';
import { GrantChains1763800000190 } from '../migrations/0019-grant-chains.js';

let t: TestApp;
let client: string;
let id: string;
let owner: TestUser;
let anna: TestUser;
let ben: TestUser;
let cleo: TestUser;
const PATH = '/api/credential-permissions';
const WRITER = { scopes: ['msp:read' as const, 'msp:write' as const] };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  [owner, anna, ben, cleo] = [await t.user(WRITER), await t.user(WRITER), await t.user(WRITER), await t.user(WRITER)]; // prettier-ignore
  client = (await t.make('clients')).id;
  const body = { client_id: client, credential_type: 'password', service_name: 'Mail', password: 'CANARY-chain' }; // prettier-ignore
  id = (await t.http('POST', '/api/credentials', { token: owner.token, body })).body.id;
});

const post = (by: TestUser, to: TestUser, given: Body): Promise<Answer> =>
  t.http('POST', PATH, {
    token: by.token,
    body: { ...('client_id' in given ? {} : { credential_id: id }), user_id: to.id, ...given },
  });
async function give(by: TestUser, to: TestUser, level: string, given: Body = {}): Promise<Shown> {
  const { status, body } = await post(by, to, { level, ...given });
  expect([status, body]).toEqual([201, expect.objectContaining({ user_id: to.id })]);
  return body;
}
const revoke = async (row: Shown, by = t.admin) =>
  expect((await t.http('DELETE', `${PATH}/${row.id}`, { token: by.token })).status).toBe(204);
const change = async (row: Shown, body: Body) =>
  expect((await t.http('PATCH', `${PATH}/${row.id}`, { body })).status).toBe(200);
const left = async (row: Shown) => {
  const { status, body } = await t.http('GET', `${PATH}/${row.id}`);
  return status === 200 ? [body.level, body.expires_at] : undefined;
};

test('what a manager gave goes with the own grant, and so on, each with entry and event', async () => {
  const root = await give(owner, anna, 'manage');
  const first = await give(anna, ben, 'manage');
  const second = await give(ben, cleo, 'reveal');
  expect([root.granted_by, first.granted_by, second.granted_by]).toEqual([owner.id, anna.id, ben.id]);
  const other = await give(owner, t.admin, 'view');
  const told: string[] = [];
  t.app.get(EventBus).on('resource.deleted', fact => void told.push(fact.id));
  await revoke(root);
  expect([await left(first), await left(second), await left(other)]).toEqual([undefined, undefined, ['view', null]]); // prettier-ignore
  expect(new Set(told)).toEqual(new Set([root.id, first.id, second.id]));
  for (const row of [root, first, second])
    expect(await t.sql("SELECT outcome FROM journal WHERE resource_id = ? AND action = 'credential_permission.delete'", [row.id])).toEqual([{ outcome: 'ok' }]); // prettier-ignore
  expect((await t.http('GET', `/api/credentials/${id}`, { token: cleo.token })).status).toBe(404);
});

test('what is lowered or shortened takes no more than that from what was given', async () => {
  const root = await give(owner, anna, 'manage');
  const managing = await give(anna, ben, 'manage');
  const viewing = await give(anna, cleo, 'view', { expires_at: inDays(1) });
  const [{ expires_at: short }] = [viewing];
  const until = inDays(3);
  await change(root, { expires_at: until });
  expect([await left(managing), await left(viewing)]).toEqual([['manage', until], ['view', short]]); // prettier-ignore
  await change(root, { level: 'reveal' });
  expect([await left(managing), await left(viewing)]).toEqual([['reveal', until], ['view', short]]); // prettier-ignore
  await change(root, { level: 'view' });
  expect(await left(managing)).toEqual(['view', until]);
  // Granting again is a change like any other.
  await give(owner, anna, 'view', { expires_at: inDays(0.5) });
  expect((await left(viewing))?.[1]).not.toBe(short);
});

test('two managers who granted to each other do not keep each other’s right alive', async () => {
  const whole = await give(t.admin, anna, 'manage', { client_id: client });
  const first = await give(owner, anna, 'manage');
  const bens = await give(anna, ben, 'manage');
  await revoke(first, ben);
  const annas = await give(ben, anna, 'manage');
  const further = await give(anna, cleo, 'reveal');
  expect([bens.granted_by, annas.granted_by]).toEqual([anna.id, ben.id]);
  await change(whole, { level: 'reveal' });
  const reveal = ['reveal', null];
  expect([await left(bens), await left(annas), await left(further)]).toEqual([reveal, reveal, reveal]);
  await revoke(whole);
  expect([await left(bens), await left(annas), await left(further)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('what the giver still has in another way holds what was given: ownership, msp:admin, another grant', async () => {
  const root = await give(owner, anna, 'manage');
  const whole = await give(t.admin, anna, 'manage', { client_id: client, expires_at: inDays(4) });
  const given = await give(anna, ben, 'manage');
  await revoke(root);
  expect(await left(given)).toEqual(['manage', whole.expires_at]);
  const boss = await t.user();
  const asBoss = await give(owner, boss, 'manage');
  const byBoss = await give(boss, cleo, 'reveal');
  await revoke(asBoss);
  expect(await left(byBoss)).toEqual(['reveal', null]);
  await t.http('PATCH', `/api/credentials/${id}`, { body: { owner_id: anna.id } });
  await revoke(whole);
  expect(await left(given)).toEqual(['manage', whole.expires_at]);
});

test('a grant on a client takes along those on its credentials, and leaves what is elsewhere or of no known giver', async () => {
  const whole = { client_id: client };
  const root = await give(t.admin, anna, 'manage', whole);
  const onClient = await give(anna, ben, 'manage', whole);
  const onOne = await give(ben, cleo, 'reveal');
  const old = await give(anna, owner, 'view', whole);
  await t.change('UPDATE credential_permissions SET granted_by = NULL WHERE id = ?', [old.id]);
  const elsewhere = await t.make('credentials');
  const there = { credential_id: elsewhere.id };
  await give(t.admin, anna, 'manage', there);
  const kept = await give(anna, ben, 'reveal', there);
  await revoke(root, anna);
  expect([await left(onClient), await left(onOne)]).toEqual([undefined, undefined]);
  expect([await left(old), await left(kept)]).toEqual([['view', null], ['reveal', null]]); // prettier-ignore
});

test('a user who is deleted takes along what was given by grants of the user', async () => {
  await give(owner, anna, 'manage');
  const given = await give(anna, ben, 'reveal');
  const own = await give(owner, cleo, 'view');
  expect((await t.http('DELETE', `/api/users/${anna.id}`)).status).toBe(204);
  expect(await left(given)).toBeUndefined();
  expect((await t.http('DELETE', `/api/users/${owner.id}`)).status).toBe(204);
  expect(await left(own)).toEqual(['view', null]);
  expect((await t.http('GET', `${PATH}/${own.id}`)).body.granted_by).toBeNull();
});

test('whoever raises a grant is its giver from then on, whoever lowers it is not; nobody names another', async () => {
  await give(owner, anna, 'manage');
  const row = await give(owner, ben, 'reveal');
  const patch = (body: Body) => t.http('PATCH', `${PATH}/${row.id}`, { token: anna.token, body });
  expect((await patch({ level: 'view' })).body.granted_by).toBe(owner.id);
  expect((await patch({ expires_at: inDays(2) })).body.granted_by).toBe(owner.id);
  expect((await patch({ level: 'manage' })).body.granted_by).toBe(anna.id);
  expect((await patch({ granted_by: owner.id })).status).toBe(422);
});

test('what is given while the own grant is revoked does not outlive it', async () => {
  for (let round = 0; round < 5; round++) {
    const root = await give(owner, anna, 'manage');
    const [answer] = await Promise.all([post(anna, ben, { level: 'reveal' }), revoke(root)]);
    expect([201, 403, 404, 422]).toContain(answer.status);
    expect(await t.sql('SELECT id FROM credential_permissions WHERE credential_id = ?', [id])).toEqual([]);
  }
});

test('the migration keeps the grants that there are, of no known giver, in both directions', async () => {
  const row = await give(owner, anna, 'manage', { expires_at: inDays(2) });
  const rows = () =>
    t.sql('SELECT id, version, level, expires_at, user_id FROM credential_permissions ORDER BY id');
  const before = await rows();
  const runner = t.opened.database.dataSource.createQueryRunner();
  const migration = new GrantChains1763800000190();
  await migration.down(runner);
  expect(await rows()).toEqual(before);
  await migration.up(runner);
  await runner.release();
  expect(await rows()).toEqual(before);
  expect(await schemaDrift(t.opened.database)).toEqual([]);
  expect((await t.http('GET', `${PATH}/${row.id}`)).body).toMatchObject({
    level: 'manage',
    granted_by: null,
  });
});

const move = async (by: TestUser, body: Body) =>
  expect((await t.http('PATCH', `/api/credentials/${id}`, { token: by.token, body })).status).toBe(200);
const sees = async (user: TestUser) =>
  (await t.http('GET', `/api/credentials/${id}`, { token: user.token })).status === 200;

test('what was given by the right to a client goes when the credential leaves it', async () => {
  await t.http('PATCH', `/api/credentials/${id}`, { body: { owner_id: null } });
  const base = await give(t.admin, anna, 'manage', { client_id: client });
  const given = await give(anna, ben, 'manage');
  await move(anna, { client_id: null, visibility: 'pool' });
  expect(await left(given)).toBeUndefined();
  await revoke(base);
  expect([await sees(anna), await sees(ben)]).toEqual([false, false]);
  await move(t.admin, { client_id: client });
  expect(await sees(ben)).toBe(false);
});

test('what the former owner gave goes when the credential is handed over', async () => {
  await move(t.admin, { client_id: null, visibility: 'private' });
  const given = await give(owner, ben, 'manage');
  const below = await give(ben, cleo, 'view');
  await move(owner, { owner_id: anna.id });
  expect([await left(given), await left(below)]).toEqual([undefined, undefined]);
  expect([await sees(owner), await sees(anna), await sees(ben), await sees(cleo)]).toEqual([false, true, false, false]); // prettier-ignore
});

test('what rests on a right that moves along stays', async () => {
  const elsewhere = (await t.make('clients')).id;
  const byOwner = await give(owner, ben, 'reveal');
  const byAdmin = await give(t.admin, cleo, 'view');
  await move(owner, { client_id: elsewhere });
  expect([await left(byOwner), await left(byAdmin)]).toEqual([['reveal', null], ['view', null]]); // prettier-ignore
});
