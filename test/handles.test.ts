import { Handles1763800000180 } from '../migrations/0018-handles.js';
import { type Answer, type Body, startApp, type TestApp, type TestUser } from './app.js';
import { unique } from './factories.js';

let t: TestApp;
let client: string;
let anna: TestUser;
let ben: TestUser;
beforeAll(async () => {
  t = await startApp();
  client = await t.client();
  anna = await t.user({ scopes: ['msp:read', 'msp:write'] });
  ben = await t.user({ scopes: ['msp:read', 'msp:write'] });
});
afterAll(() => t.close());

const create = async (by: TestUser, given: Body): Promise<Answer> => {
  const body = await t.body('credentials', given);
  return t.http('POST', '/api/credentials', { token: by.token, body });
};
const made = async (by: TestUser, given: Body) => {
  const answer = await create(by, given);
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body.id;
};
const patch = (by: TestUser, id: string, body: Body) =>
  t.http('PATCH', `/api/credentials/${id}`, { token: by.token, body });
const manage = (user: TestUser, id: string) =>
  t.make('credential-permissions', { credential_id: id, user_id: user.id, level: 'manage' });

test.each([
  ['of a client', () => ({ client_id: client })],
  ['in the pool', () => ({ client_id: null, visibility: 'pool' })],
  ['of one’s own', () => ({ client_id: null, visibility: 'private' })],
])('a handle %s is taken by an own credential alone', async (_where, place) => {
  const given = { ...place(), name: unique('handle') };
  await made(anna, given);
  await made(ben, given);
  for (const by of [anna, ben]) {
    const again = await create(by, { ...given, name: given.name.toUpperCase() });
    expect([again.status, again.body.details.field]).toEqual([409, 'name']);
  }
});

test('no bulk tells of the handles of others', async () => {
  const name = unique('handle');
  await made(anna, { client_id: client, name });
  const items = [await t.body('credentials', { client_id: client, name })];
  for (const atomic of [true, false]) {
    const body = { items: items.map(one => ({ ...one, name: atomic ? name : 'free' })), atomic };
    const answer = await t.http('POST', '/api/credentials/bulk', { token: ben.token, body });
    expect(answer.body.results).toMatchObject([{ status: 201 }]);
  }
});

test('who manages the credential of another learns nothing of the owner’s other handles', async () => {
  const [name, seen] = [unique('handle'), unique('seen')];
  await made(anna, { client_id: client, name });
  const both = [await made(anna, { client_id: client }), await made(anna, { client_id: client, name: seen })];
  for (const id of both) await manage(ben, id);
  const [id = ''] = both;
  expect((await patch(ben, id, { name: seen })).status).toBe(409);
  expect((await patch(ben, id, { name })).body.name).toBe(name);
  // Both have it: whatever else is done to either goes on, and only naming refuses.
  for (const by of [anna, ben]) expect((await patch(by, id, { notes: unique('note') })).status).toBe(200);
  const rotated = await t.http('POST', `/api/credentials/${id}/rotate`, { token: anna.token, body: {} });
  expect(rotated.status).toBe(200);
  expect((await patch(anna, id, { name: name.toUpperCase() })).status).toBe(409);
});

test('handing over, and an owner who goes, tell and refuse nothing', async () => {
  const name = unique('handle');
  const gone = await t.user();
  await made(ben, { client_id: client, name });
  const id = await made(anna, { client_id: client, name });
  expect((await patch(anna, id, { owner_id: ben.id })).status).toBe(200);
  for (const owner_id of [gone.id, null]) await t.make('credentials', { client_id: client, name, owner_id });
  expect((await t.http('DELETE', `/api/users/${gone.id}`)).status).toBe(204);
});

test('an administrator of some clients learns nothing of what others have without one', async () => {
  const name = unique('handle');
  await made(anna, { client_id: null, name });
  const limited = await t.user({ client_access: 'only', client_ids: [client] });
  expect((await create(limited, { client_id: null, name, owner_id: anna.id })).status).toBe(201);
});

test('slugs of projects without a client, which one does not see, refuse nothing', async () => {
  const slug = unique('slug');
  await t.make('projects', { client_id: null, slug });
  const limited = await t.user({ client_access: 'only', client_ids: [client] });
  const body = await t.body('projects', { client_id: null, slug });
  expect((await t.http('POST', '/api/projects', { token: limited.token, body })).status).not.toBe(409);
  expect((await t.http('POST', '/api/projects', { body })).status).toBe(409);
});

test('handles that were unique per client are per owner after the migration, and back', async () => {
  const name = unique('handle');
  const ids = [await made(anna, { client_id: client, name }), await made(ben, { client_id: client, name })];
  const keys = async () => {
    const rows = await t.sql<{ name_key: string }>('SELECT name_key FROM credentials WHERE name = ? ORDER BY id', [name]); // prettier-ignore
    return rows.map(one => one.name_key);
  };
  const before = await keys();
  const runner = t.opened.database.dataSource.createQueryRunner();
  await new Handles1763800000180().down(runner);
  const between = await keys();
  expect([new Set(between).size, between.some(one => before.includes(one))]).toEqual([2, false]);
  await new Handles1763800000180().up(runner);
  await runner.release();
  expect(await keys()).toEqual(before);
  expect((await create(anna, { client_id: client, name })).status).toBe(409);
  expect((await patch(ben, ids[1] ?? '', { notes: 'Still here' })).status).toBe(200);
});
