import { startApp, type TestApp } from './app.js';

let t: TestApp;
let count = 0;
let [acme, contoso] = ['', ''];
type User = Awaited<ReturnType<TestApp['user']>>;
let [limited, other, everywhere]: User[] = [];

beforeAll(async () => {
  t = await startApp();
  acme = (await t.make('clients', { name: 'Acme' })).id;
  contoso = (await t.make('clients', { name: 'Contoso' })).id;
  [limited, other] = await Promise.all([
    t.user({ client_access: 'only', client_ids: [acme, contoso] }),
    t.user({ client_access: 'only', client_ids: [acme] }),
  ]);
  everywhere = await t.user();
});
afterAll(() => t.close());

const say = async (user: User | undefined, project: object, text: string, kind = 'turn') => {
  const key = `k${++count}`;
  const body = {
    events: [{ key, kind, at: '2026-03-02T10:00:00Z', session_key: 's', speaker: 'user', project, text }],
  };
  const answer = await t.http('POST', '/api/memory/events', { body, token: user?.token });
  const [result] = (answer.body as unknown as { results: { status: string; project_id: string }[] }).results;
  expect(result?.status).toBe('stored');
  return result?.project_id ?? '';
};
const toldOf = async (user: User | undefined, query: Record<string, string>) =>
  (await t.http('GET', '/api/memory/index', { query, token: user?.token })).text;
const ask = async (method: string, path: string, body: object, user: User | undefined) =>
  t.http(method, `/api/${path}`, { body, token: user?.token });
const remoteOf = (name: string) => `git@git.example.com:msp/${name}.git`;

const SECRET = 'The keys are below the third stone';
const project = (client_id: string | null, more: object) => ({
  name: 'x',
  category: 'internal_product',
  client_id,
  ...more,
});

it.each([
  [
    'a project of a client',
    () => ask('POST', 'projects', project(acme, { repository_url: remoteOf('migration') }), limited),
  ],
  ['a project of nobody', () => say(limited, { name: 'x', remote: remoteOf('migration') }, 'Mine')],
])('draws nothing of others into %s that a technician of some clients made', async (_what, make) => {
  const remote = remoteOf('migration');
  await make();
  const theirs = await say(limited, { name: 'x', remote }, 'We decided to obey the third stone.', 'compact');
  expect(await toldOf(everywhere, { remote, name: 'x' })).not.toContain('obey');
  const own = await say(everywhere, { name: 'x', remote }, SECRET, 'stop');
  expect(own).not.toBe(theirs);
  expect(await say(other, { name: 'x', remote }, 'Nor mine')).not.toBe(theirs);
  expect(await toldOf(everywhere, { remote, name: 'x' })).not.toContain('obey');
  const query = { query: 'where are the keys', project_remote: remote };
  const found = await t.http('GET', '/api/conversation-contexts/recall', { query, token: limited?.token });
  expect([await toldOf(limited, { remote }), found.text].join()).not.toContain(SECRET);
});

it('draws nothing in by a name, archived or not', async () => {
  const own = await say(everywhere, { name: 'scripts' }, SECRET);
  await ask('PATCH', `projects/${own}`, { status: 'archived' }, everywhere);
  await ask('POST', 'projects', project(acme, { name: 'scripts' }), limited);
  await ask('POST', 'projects', project(acme, { name: 'scripts', slug: 'scripts-2' }), undefined);
  expect(await say(everywhere, { name: 'scripts' }, SECRET)).toBe(own);
  const elsewhere = await say(other, { name: 'scripts' }, SECRET);
  expect(await say(other, { name: 'scripts' }, SECRET)).toBe(elsewhere);
});

it('draws nothing into a project whose remote somebody else has changed', async () => {
  const body = project(acme, { repository_url: remoteOf('first') });
  const { id } = (await ask('POST', 'projects', body, everywhere)).body;
  expect(await say(everywhere, { name: 'x', remote: remoteOf('first') }, 'Said there')).toBe(id);
  const changed = await ask('PATCH', `projects/${id}`, { repository_url: remoteOf('second') }, limited);
  expect(changed.status).toBe(200);
  expect(await say(everywhere, { name: 'x', remote: remoteOf('second') }, SECRET)).not.toBe(id);
  // Nor into another client.
  const third = project(acme, { slug: 'third', repository_url: remoteOf('third') });
  const moved = (await ask('POST', 'projects', third, everywhere)).body.id;
  await ask('PATCH', `projects/${moved}`, { client_id: contoso }, limited);
  expect(await say(everywhere, { name: 'x', remote: remoteOf('third') }, SECRET)).not.toBe(moved);
});

it('lets all meet in the project of a client whose remote somebody confirms who sees every client', async () => {
  const remote = remoteOf('shared');
  const body = project(acme, { slug: 'shared', repository_url: remote });
  const { id } = (await ask('POST', 'projects', body, limited)).body;
  expect(await say(limited, { name: 'x', remote }, 'Said by its maker')).toBe(id);
  await ask('PATCH', `projects/${id}`, { repository_url: remote }, undefined);
  // A second one that nobody has confirmed is in nobody's way.
  await ask('POST', 'projects', project(contoso, { slug: 'shared', repository_url: remote }), limited);
  for (const user of [other, everywhere])
    expect(await say(user, { name: 'x', remote: 'https://git.example.com/msp/shared' }, 'Said by all')).toBe(
      id,
    );
  const renamed = await ask('PATCH', `projects/${id}`, { name: 'Renamed', repository_url: remote }, limited);
  expect(renamed.status).toBe(200);
  expect(await say(other, { name: 'x', remote }, 'Still there')).toBe(id);
});

it('gives no client to what others keep to themselves', async () => {
  const theirs = await say(limited, { name: 'theirs' }, 'Mine alone');
  const context = { project_id: theirs, context_type: 'checkpoint', title: 'x', dense_summary: SECRET };
  const made = await ask('POST', 'conversation-contexts', context, everywhere);
  expect(made.status).toBe(201);
  const refused = await ask('PATCH', `projects/${theirs}`, { client_id: acme }, limited);
  expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
  expect((await t.http('GET', `/api/projects/${theirs}`)).body.client_id).toBeNull();
  await t.http('DELETE', `/api/conversation-contexts/${made.body.id}`);
  expect((await ask('PATCH', `projects/${theirs}`, { client_id: acme }, limited)).status).toBe(200);
  const [row] = await t.sql<{ client_id: string }>(
    'SELECT client_id FROM conversation_turns WHERE project_id = ?',
    [theirs],
  );
  expect(row?.client_id).toBe(acme);
});
