import { startApp, type TestApp, type TestUser } from './app.js';

let t: TestApp;
let client: string;
let limited: TestUser;
beforeAll(async () => {
  t = await startApp();
  client = await t.client();
  limited = await t.user({ client_access: 'only', client_ids: [client] });
});
afterAll(() => t.close());

const names = async (user: TestUser) =>
  (await t.http('GET', '/api/tags', { token: user.token, query: { limit: '1000' } })).body.items.map(
    one => one.name,
  );
const idOf = async (name: string) =>
  (await t.http('GET', '/api/tags', { query: { name } })).body.items[0]?.id;

test('tags are seen on rows that one may see, and on none', async () => {
  const hidden = (await t.make('clients')).id;
  await t.make('tags', { name: 'prepared' });
  await t.make('projects', { client_id: hidden, tags: ['hidden', 'shared'] });
  await t.make('projects', { client_id: client, tags: ['shared', 'seen'] });
  expect((await names(limited)).sort()).toEqual(['prepared', 'seen', 'shared']);
  expect((await names(t.admin)).sort()).toEqual(['hidden', 'prepared', 'seen', 'shared']);
  const get = await t.http('GET', `/api/tags/${await idOf('hidden')}`, { token: limited.token });
  expect(get.status).toBe(404);
  // The word itself is everybody's: whoever uses it sees it from then on.
  await t.make('projects', { client_id: client, tags: ['hidden'] });
  expect(await names(limited)).toContain('hidden');
});

test('tags of credentials that one may not see are not seen either', async () => {
  await t.make('credentials', { client_id: null, tags: ['private'] });
  const technician = await t.user({ scopes: ['msp:read', 'msp:write'] });
  expect(await names(technician)).not.toContain('private');
  expect(await names(t.admin)).toContain('private');
});

test('tags are renamed and deleted by those alone who see every client', async () => {
  await t.make('projects', { client_id: client, tags: ['stays'] });
  const path = `/api/tags/${await idOf('stays')}`;
  const { token } = limited;
  expect((await t.http('PATCH', path, { token, body: { name: 'gone' } })).status).toBe(403);
  expect((await t.http('DELETE', path, { token })).status).toBe(403);
  expect((await t.http('PATCH', path, { body: { name: 'renamed' } })).status).toBe(200);
  expect((await t.http('DELETE', path)).status).toBe(204);
});
