import { type Body, type RequestOptions, startApp, type TestApp } from './app.js';
import { unique } from './factories.js';
import { enrol } from './harness/second-factor.js';

/** So many reveals, or refusals, are an incident. */
const SERIES = 6;
let t: TestApp;
/** A client with a credential, whose handle is `wall`. */
let client: string;
let wall: string;
let good: string;
beforeAll(async () => {
  t = await startApp({
    settings: { MASS_REVEAL_LIMIT: String(SERIES), REFUSED_REVEAL_LIMIT: String(SERIES) },
  });
  client = (await t.make('clients', { name: 'Acme' })).id;
  wall = await credential({ client_id: client, name: 'wall', password: 'CANARY wall 1' });
  good = await tokenFor([wall]);
});
afterAll(() => t.close());

const credential = async (given: Body): Promise<string> => (await t.make('credentials', given)).id;
const tokenFor = async (ids: string[], more: Body = {}, by = t.admin.token): Promise<string> => {
  const given = { name: 'playbook', scopes: ['msp:read'], credential_ids: ids, actions: ['reveal'], ...more };
  const { body, text } = await t.http('POST', '/api/access-tokens', { token: by, body: given });
  return String(body.token ?? text);
};

const ask = async (
  by: string,
  path: string,
  headers: Record<string, string> = {},
  more: RequestOptions = {},
) => {
  const answer = await t.http('GET', `/v1/${path}`, {
    token: null,
    headers: { 'x-vault-token': by, ...headers },
    ...more,
  });
  const { errors, data } = answer.body as unknown as { errors?: string[]; data?: Body & { data?: Body } };
  return { ...answer, error: errors?.join() ?? '', data };
};
const WALL = 'secret/data/Acme/wall';
const refusals = (id: string) =>
  t.sql<{ actor_id: string; action: string }>(
    "SELECT actor_id, action FROM journal WHERE resource_id = ? AND outcome = 'refused' ORDER BY n", [id],
  ); // prettier-ignore

describe('whoever may not', () => {
  const OTHERS: [string, () => Promise<string>, number, number][] = [
    ['has no token', () => Promise.resolve(''), 403, 403],
    ['has a wrong one', () => Promise.resolve(`${good.slice(0, -4)}AAAA`), 403, 403],
    ['has one of Vault', () => Promise.resolve('hvs.CAESIJ'), 403, 403],
    ['names another credential', async () => tokenFor([await credential({ client_id: client })]), 403, 200],
    ['names none', () => tokenFor([]), 403, 200],
    ['may not reveal', () => tokenFor([wall], { actions: [] }), 403, 200],
    ['may make codes alone', () => tokenFor([wall], { actions: ['totp'] }), 403, 200],
    ['may not read', () => tokenFor([wall], { scopes: ['msp:write'] }), 403, 403],
    ['reads something else', () => tokenFor([wall], { resources: ['sites', 'memory'] }), 403, 403],
    ['is somewhere else', () => tokenFor([wall], { cidrs: ['192.0.2.0/24'] }), 403, 403],
    [
      'sees other clients',
      async () => tokenFor([wall], { client_access: 'except', client_ids: [client] }),
      404,
      404,
    ],
  ];
  test.each(OTHERS)('%s', async (_who, make, data, metadata) => {
    const by = await make();
    const answer = await ask(by, WALL);
    expect([answer.status, answer.text.includes('CANARY'), answer.headers['cache-control']]).toEqual([data, false, 'no-store']); // prettier-ignore
    expect(Object.keys(answer.body)).toEqual(['errors']);
    if (data === 403) expect(answer.error).toMatch(/^permission denied: /);
    expect((await ask(by, 'secret/metadata/Acme/wall')).status).toBe(metadata);
    expect((await ask(by, 'secret/metadata/Acme?list=true')).status).toBe(metadata);
  });

  test('holds a grant to view, or none, or lost it', async () => {
    const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const grant = (level: string) =>
      t.make('credential-permissions', { credential_id: wall, user_id: user.id, level });
    expect((await ask(user.token, WALL)).status).toBe(404);
    const view = await grant('view');
    expect(await ask(user.token, WALL)).toMatchObject({ status: 403, error: expect.stringContaining('the grant reveal') as string }); // prettier-ignore
    expect((await ask(user.token, 'secret/metadata/Acme/wall')).status).toBe(200);
    await t.http('DELETE', `/api/credential-permissions/${view.id}`);
    const reveal = await grant('reveal');
    const by = await tokenFor([wall], {}, user.token);
    expect((await ask(by, WALL)).data?.data).toMatchObject({ password: 'CANARY wall 1' });
    await t.http('DELETE', `/api/credential-permissions/${reveal.id}`);
    expect((await ask(by, WALL)).status).toBe(404);
  });

  test('has a token that was revoked, or is used up', async () => {
    const by = await tokenFor([wall], { max_uses: 2 });
    expect([(await ask(by, WALL)).status, (await ask(by, WALL)).status, (await ask(by, WALL)).status]).toEqual([200, 200, 403]); // prettier-ignore
    const revoked = await tokenFor([wall]);
    const { accessor } = (await ask(revoked, 'auth/token/lookup-self')).data ?? {};
    await t.http('DELETE', `/api/access-tokens/${String(accessor)}`);
    expect((await ask(revoked, WALL)).status).toBe(403);
    expect((await ask(revoked, 'auth/token/lookup-self')).status).toBe(403);
  });

  test('is on the trail of the credential, by its name as by its id; so are names that nobody has', async () => {
    const hidden = await credential({ client_id: client, name: unique('hidden') });
    const { name } = (await t.http('GET', `/api/credentials/${hidden}?reveal=false`)).body;
    const user = await t.user({ scopes: ['msp:read'] });
    const limited = await t.user({ scopes: ['msp:read'], client_access: 'only', client_ids: [] });
    const answers = [
      await ask(user.token, `secret/data/Acme/${String(name)}`),
      await ask(limited.token, `secret/metadata/ACME/${String(name)}`),
      await ask(user.token, `secret/data/Acme/${hidden}`),
      await ask(user.token, 'secret/data/Acme/nobody-is-called-so'),
    ];
    expect(new Set(answers.map(one => `${one.status} ${one.text}`)).size).toBe(1);
    const seen = await refusals(hidden);
    expect(seen.map(one => one.actor_id)).toEqual([user.id, limited.id]);
    const unknown = await t.sql<{ resource_id: string }>(
      "SELECT resource_id FROM journal WHERE actor_id = ? AND outcome = 'refused' AND client_id IS NULL", [user.id],
    ); // prettier-ignore
    expect(unknown.map(one => one.resource_id)).toEqual([expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8/)]);
  });
});

test('a token for credentials alone reads them, and is told of no clients', async () => {
  const by = await tokenFor([wall], { resources: ['credentials'] });
  expect((await ask(by, WALL)).status).toBe(200);
  expect(await ask(by, 'secret/metadata?list=true')).toMatchObject({ status: 403, error: expect.stringContaining('clients') as string }); // prettier-ignore
  expect((await ask(await tokenFor([wall], { resources: ['vault'] }), WALL)).status).toBe(200);
});

test('lists hold what the caller sees, and nothing else', async () => {
  const user = await t.user({ scopes: ['msp:read'] });
  expect((await ask(user.token, 'secret/metadata?list=true')).status).toBe(404);
  await t.make('credential-permissions', { credential_id: wall, user_id: user.id, level: 'view' });
  expect((await ask(user.token, 'secret/metadata?list=true')).data).toEqual({ keys: ['Acme/'] });
  expect((await ask(user.token, 'secret/metadata/Acme?list=true')).data).toEqual({ keys: ['wall'] });
});

test('a policy is passed by headers, as everywhere', async () => {
  const strict = (await t.make('clients', { name: 'Strict', reveal_policy: 'reason' })).id;
  const id = await credential({ client_id: strict, name: 'open' });
  const by = await tokenFor([id]);
  const path = 'secret/data/Strict/open';
  expect(await ask(by, path)).toMatchObject({ status: 403, error: expect.stringContaining('X-Opskeep-Reason') as string }); // prettier-ignore
  expect((await ask(by, path, { 'x-opskeep-reason': 'The nightly playbook' })).status).toBe(200);
  const [entry] = await t.sql<{ details: string }>('SELECT details FROM journal WHERE resource_id = ? ORDER BY n DESC LIMIT 1', [id]); // prettier-ignore
  expect(JSON.parse(entry?.details ?? '')).toMatchObject({ reason: 'The nightly playbook', kv: true });
  const user = await t.user();
  const factor = await enrol(t, user);
  const coded = await credential({
    client_id: client,
    name: 'coded',
    reveal_policy: 'otp',
    owner_id: user.id,
  });
  const asking = { path: 'secret/data/Acme/coded', by: await t.login(user.email) };
  const refused: Record<string, string>[] = [
    {},
    { 'x-opskeep-reason': 'A reason is no code' },
    { 'x-opskeep-otp': factor.wrong() },
  ];
  for (const headers of refused) expect((await ask(asking.by, asking.path, headers)).status).toBe(403);
  expect((await ask(asking.by, asking.path)).error).toContain('X-Opskeep-Otp');
  expect((await refusals(coded)).length).toBeGreaterThan(0);
  expect((await ask(asking.by, asking.path, { 'x-opskeep-otp': await factor.code() })).status).toBe(200);
  const making = { name: 'x', credential_ids: [coded], actions: ['reveal'] };
  const made = await t.http('POST', '/api/access-tokens', {
    token: user.token,
    body: making,
    headers: { 'x-opskeep-otp': await factor.code() },
  });
  expect(made.status).toBe(201);
  expect(
    (await ask(String(made.body.token), asking.path, { 'x-opskeep-otp': await factor.code() })).status,
  ).toBe(403);
});

test('an earlier version needs a reason, and is what it was', async () => {
  const id = await credential({ client_id: client, name: 'versioned', password: 'CANARY first' });
  const [by, blind] = [await tokenFor([id]), await tokenFor([id], { actions: [] })];
  await t.http('POST', `/api/credentials/${id}/rotate`, { body: { value: 'CANARY second' } });
  const read = (version: string, headers?: Record<string, string>, token = by) =>
    ask(token, `secret/data/Acme/versioned?version=${version}`, headers);
  const why = { 'x-opskeep-reason': 'The new one is refused' };
  for (const version of ['0', '2'])
    expect((await read(version)).data).toMatchObject({ data: { password: 'CANARY second' }, metadata: { version: 2 } }); // prettier-ignore
  expect(await read('1')).toMatchObject({ status: 403, error: expect.stringContaining('X-Opskeep-Reason') as string }); // prettier-ignore
  expect((await read('1', why)).data).toMatchObject({ data: { password: 'CANARY first' }, metadata: { version: 1 } }); // prettier-ignore
  expect([(await read('1', why, blind)).status, (await read('9', why)).status, (await read('-1')).status]).toEqual([403, 404, 400]); // prettier-ignore
  const { data } = await ask(by, 'secret/metadata/Acme/versioned');
  expect(data).toMatchObject({ current_version: 2, oldest_version: 1, versions: { 1: {}, 2: {} } });
});

test.each([
  ['revealed here', 'credential', (id: string) => id],
  ['asked for here by names that nobody has', 'nothing', () => unique('guess')],
])('what is %s in series is an incident', async (_what, kind, nameOf) => {
  const user = await t.user({ scopes: ['msp:read'] });
  for (let n = 0; n < SERIES; n++) {
    const id = await credential({ client_id: client });
    if (kind === 'credential') await t.make('credential-permissions', { credential_id: id, user_id: user.id, level: 'reveal' }); // prettier-ignore
    await ask(user.token, `secret/data/Acme/${nameOf(id)}`);
  }
  const opened = async () =>
    (await t.http('GET', '/api/security-incidents', { query: { q: user.email } })).body.items;
  // It is opened after the answer.
  for (let tries = 0; tries < 100 && (await opened()).length === 0; tries++)
    await new Promise(resolve => setTimeout(resolve, 50));
  expect(await opened()).toMatchObject([{ incident_type: 'unauthorized_access' }]);
});
