import { startApp, type TestApp, type TestUser } from './app.js';

let t: TestApp;
let user: TestUser;
let project_id: string;
beforeAll(async () => {
  t = await startApp();
  user = await t.user({ client_access: 'only', client_ids: [] });
  project_id = (await t.make('projects', { client_id: null, name: 'Open' })).id;
});
afterAll(() => t.close());

/** A user who is kept from a client, and a project without a client that everybody sees. */
async function kept(): Promise<{ client_id: string; token: string }> {
  const client_id = (await t.make('clients')).id;
  const { token } = await t.user({ client_access: 'except', client_ids: [client_id] });
  return { client_id, token };
}

describe.each([
  ['context-snippets', { category: 'fact', content: 'The same content' }],
  ['conversation-contexts', { context_type: 'checkpoint', title: 'Same', dense_summary: 'The same content' }],
  ['conversation-turns', { session_key: 'k', at: '2026-01-31T08:00:00Z', speaker: 'user', text: 'The same' }],
])('%s of a project without a client', (path, given) => {
  it('come again as the same row, also when a row that one does not see has the content', async () => {
    const { client_id, token } = await kept();
    const hidden = await t.http('POST', `/api/${path}`, { body: { ...given, project_id, client_id } });
    expect(hidden.status).toBe(201);
    const post = () => t.http('POST', `/api/${path}`, { body: { ...given, project_id }, token });
    const [first, again] = [await post(), await post()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.body.id).not.toBe(hidden.body.id);
    expect(again.body.id).toBe(first.body.id);
    const seen = await t.http('POST', `/api/${path}`, { body: { ...given, project_id, client_id } });
    expect(seen.body.id).toBe(hidden.body.id);
  });
});

test('the slug of a project without a client tells nothing of projects that one does not see', async () => {
  await t.make('projects', { client_id: null, name: 'Secret plan' });
  await t.make('projects', { client_id: null, name: 'Named', slug: 'named-by-hand' });
  const post = (body: object) =>
    t.http('POST', '/api/projects', { body: body as Record<string, unknown>, token: user.token });
  const made = await post({ name: 'Secret plan' });
  const given = await post({ name: 'Mine', slug: 'named-by-hand' });
  expect([made.status, made.body.slug]).toEqual([201, 'secret-plan']);
  expect([given.status, given.body.slug]).toEqual([201, 'named-by-hand']);
  const own = (await t.http('GET', '/api/projects', { token: t.admin.token, query: { slug: 'secret-plan' } }))
    .body;
  expect(own.items).toHaveLength(2);
});
