import { type Body, startApp, type TestApp, type TestUser } from './app.js';
import { documentOf, RESOURCES } from './harness/all-resources.js';

let t: TestApp;
let client_id: string;
beforeAll(async () => {
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  client_id = await t.client();
});
afterAll(() => t.close());

interface Result {
  id?: string;
  status: number;
  error?: string | { code: string; details: { resource_id?: string | null } };
}

const writer = () => t.user({ scopes: ['msp:read', 'msp:write'] });
const refusedOf = (user: TestUser, resource_id: string) =>
  t.sql("SELECT action FROM journal WHERE outcome = 'refused' AND actor_id = ? AND resource_id = ?", [
    user.id,
    resource_id,
  ]);

/** Rows that others have, which a user sees and may not do this with. */
const FOREIGN: Record<string, (user: TestUser) => Promise<string[]>> = {
  'billable-time': () => several(() => t.make('billable-time', { client_id })),
  credentials: async user => {
    const body = { client_id, user_id: user.id, level: 'view' };
    expect((await t.http('POST', '/api/credential-permissions', { body })).status).toBe(201);
    return several(() => t.make('credentials', { client_id }));
  },
};

async function several(make: () => Promise<{ id: string }>): Promise<string[]> {
  return [(await make()).id, (await make()).id, (await make()).id];
}

/** The actions on many rows that answer for each, and the rest of their bodies. */
async function actionsOnMany(): Promise<[string, Body][]> {
  const { paths, components } = await documentOf(t);
  return Object.entries(paths).flatMap(([path, { post }]) => {
    const schema = post?.requestBody?.content['application/json']?.schema;
    const name = String(schema?.$ref ?? '').split('/').at(-1) ?? ''; // prettier-ignore
    const properties = (components.schemas[name]?.properties ?? {}) as Body;
    const isAdmins = post?.['x-required-scope'] === 'msp:admin';
    if (!properties.ids || isAdmins || !JSON.stringify(post).includes('One result for each')) return [];
    return [[path, properties.reason ? { reason: 'to look around' } : {}]];
  });
}

test('each row of an action on many that is refused stands on the trail, as it does alone', async () => {
  const actions = await actionsOnMany();
  expect(actions.map(([path]) => path)).toEqual(
    expect.arrayContaining([
      '/api/billable-time/reopen',
      '/api/billable-time/submit',
      '/api/credentials/reveal',
    ]),
  );
  for (const [path, more] of actions) {
    const user = await writer();
    const ids = (await FOREIGN[path.split('/')[2] ?? '']?.(user)) ?? [];
    const { body } = await t.http('POST', path, { token: user.token, body: { ids, ...more } });
    const results = body.results as unknown as Result[];
    expect([path, results.map(one => one.status)]).toEqual([path, ids.map(() => 403)]);
    const named = results.map(({ id, error }) => id ?? (typeof error === 'object' && error.details.resource_id)); // prettier-ignore
    expect([path, named]).toEqual([path, ids]);
    for (const id of ids) expect([path, await refusedOf(user, id)]).toEqual([path, [expect.anything()]]);
  }
});

test('what is refused of rows that are created together stands on the trail, too', async () => {
  const { paths } = await documentOf(t);
  const refused: string[] = [];
  for (const [path, spec] of RESOURCES) {
    const bulk = paths[`/api/${path}/bulk`]?.post;
    if (!bulk || bulk['x-required-scope'] === 'msp:admin') continue;
    const user = await writer();
    const owner = ['user_id', 'owner_id'].find(name => spec.byName.has(name));
    const item = { ...(await t.body(path, { client_id })), ...(owner && { [owner]: t.admin.id }) };
    const sent = { token: user.token, body: { items: [item, item] } };
    const { results } = (await t.http('POST', `/api/${path}/bulk`, sent)).body;
    if (!results?.some(one => one.status === 403)) continue;
    refused.push(path);
    const entries = "SELECT action FROM journal WHERE outcome = 'refused' AND actor_id = ? AND action = ?";
    expect([path, await t.sql(entries, [user.id, `${spec.name}.create`])]).not.toEqual([path, []]);
  }
  expect(refused).toEqual(
    expect.arrayContaining(['billable-time', 'credential-permissions', 'credentials', 'sessions']),
  );
});
