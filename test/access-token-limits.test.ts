import { randomUUID } from 'node:crypto';
import { type Body, startApp, type TestApp, type TestUser } from './app.js';
import { entriesOf } from './harness/journal.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { TRUSTED_PROXIES: '10.9.9.9' } });
});
afterAll(() => t.close());

/** A token of a user, and what the answer says of it. */
async function issue(given: Body = {}, by: Pick<TestUser, 'token'> = t.admin) {
  const body = { name: 'machine', scopes: ['msp:read', 'msp:write'], ...given };
  const answer = await t.http('POST', '/api/access-tokens', { body, token: by.token });
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  return { id: answer.body.id, token: String(answer.body.token), answer };
}

const as = (token: string, method: string, path: string, body?: unknown, headers = {}) =>
  t.http(method, path, { token, body, headers });
const me = (token: string) => as(token, 'GET', '/api/auth/me');
const patch = (user: TestUser, body: Body) => t.http('PATCH', `/api/users/${user.id}`, { body });

describe('the limits of a token', () => {
  test('clients are narrowed, never widened', async () => {
    const [a, b] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const only = await t.user({ client_access: 'only', client_ids: [a] });
    const except = await t.user({ client_access: 'except', client_ids: [a] });
    const seen = async (token: string) => {
      const { body } = await as(token, 'GET', `/api/clients?id=${a}&id=${b}`);
      return body.items.map(one => (one.id === a ? 'a' : 'b')).sort().join(''); // prettier-ignore
    };
    const of = async (user: TestUser, given: Body) => seen((await issue(given, user)).token);
    const admin = await t.user();
    expect(await of(admin, { client_access: 'only', client_ids: [b] })).toBe('b');
    expect(await of(admin, { client_access: 'except', client_ids: [b] })).toBe('a');
    expect(await of(only, {})).toBe('a');
    expect(await of(only, { client_access: 'except', client_ids: [a] })).toBe('');
    expect(await of(except, { client_access: 'only', client_ids: [b] })).toBe('b');
    expect(await of(except, { client_access: 'except', client_ids: [b] })).toBe('');
    const beyond = await as(only.token, 'POST', '/api/access-tokens', {
      name: 'x',
      client_access: 'only',
      client_ids: [b],
    });
    expect([beyond.status, beyond.body.details.field]).toEqual([422, 'client_ids.0']);
    const { id } = await t.make('credentials', { client_id: b });
    const foreign = await as(only.token, 'POST', '/api/access-tokens', { name: 'x', credential_ids: [id] });
    expect([foreign.status, foreign.body.details.field]).toEqual([422, 'credential_ids.0']);
    // The user sees less by now than when the token was made.
    const { token } = await issue({ client_access: 'only', client_ids: [a, b] }, admin);
    await patch(admin, { client_access: 'only', client_ids: [b] });
    expect(await seen(token)).toBe('b');
  });

  test('networks are those of the connection, and no header says otherwise', async () => {
    const { token } = await issue({ cidrs: ['127.0.0.0/8', '2001:db8::/32'] });
    const far = await issue({ cidrs: ['192.0.2.0/24'] });
    const forwarded = {
      'x-forwarded-for': '192.0.2.7',
      forwarded: 'for=192.0.2.7',
      'x-real-ip': '192.0.2.7',
    };
    expect((await me(token)).status).toBe(200);
    const spoofed = await as(far.token, 'GET', '/api/auth/me', undefined, forwarded);
    expect([spoofed.status, spoofed.body.details.reason]).toEqual([401, 'address']);
    const from = (remoteAddress: string) =>
      t.app.inject({ url: '/api/auth/me', remoteAddress, headers: { authorization: `Bearer ${token}` } });
    const statuses = ['2001:db8::1', '::ffff:127.0.0.1', '2001:db9::1', '::1', '::ffff:192.0.2.1'].map(async one => (await from(one)).statusCode); // prettier-ignore
    expect(await Promise.all(statuses)).toEqual([200, 200, 401, 401, 401]);
    const mapped = await issue({ cidrs: ['::ffff:127.0.0.0/104'] });
    expect((await me(mapped.token)).status).toBe(200);
    const farMapped = await issue({ cidrs: ['::ffff:192.0.2.0/120'] });
    expect((await me(farMapped.token)).status).toBe(401);
    for (const cidrs of [['10.0.0.1/8'], ['all'], 'x'])
      expect((await t.http('POST', '/api/access-tokens', { body: { name: 'x', cidrs } })).status).toBe(422);
  });

  test('of fifty requests at once on one use exactly one succeeds; what the guard refuses is none', async () => {
    const { token, id } = await issue({ scopes: ['msp:read'], max_uses: 1 });
    expect((await as(token, 'POST', '/api/tags', { name: 'x' })).status).toBe(403);
    const left = async () => (await t.http('GET', `/api/access-tokens/${id}`)).body.uses_left;
    expect(await left()).toBe(1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => as(token, 'GET', '/api/clients')));
    expect(answers.map(one => one.status).sort()).toEqual([200, ...Array.from({ length: 49 }, () => 401)]);
    expect(await left()).toBe(0);
    expect((await me(token)).body.details.reason).toBe('used_up');
    expect((await entriesOf(t, id)).filter(one => one.action === 'access_token.use')).toHaveLength(1);
  });

  test('are of scopes and resources that are there, and every one that is not is named', async () => {
    const wrong = { name: 'x', scopes: ['msp:all'], resources: ['directory', 'nothing'] };
    const refused = await t.http('POST', '/api/access-tokens', { body: wrong });
    expect(refused.body.details.errors).toEqual([
      { field: 'scopes', message: expect.stringMatching(/msp:read/), rule: 'enum' },
      {
        field: 'resources',
        message: expect.stringMatching(/^each must be the path .* estate/),
        rule: 'enum',
      },
    ]);
    for (const name of ['', 'constructor'])
      expect((await t.http('POST', '/api/access-tokens', { body: { name: 'x', resources: [name] } })).status).toBe(422); // prettier-ignore
  });

  test('expire within a year; nobody has more than 200 that work', async () => {
    const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString();
    for (const expires_at of [days(-1), days(367), null])
      expect((await t.http('POST', '/api/access-tokens', { body: { name: 'x', expires_at } })).status).toBe(
        422,
      );
    await issue({ expires_at: days(364) });
    const user = await t.user();
    const { id } = await issue({}, user);
    const [row = {}] = await t.sql('SELECT * FROM access_tokens WHERE id = ?', [id]);
    const copies = Array.from({ length: 199 }, () => Object.values({ ...row, id: randomUUID() }) as string[]);
    const line = `(${Object.keys(row)
      .map(() => '?')
      .join()})`;
    await t.change(`INSERT INTO access_tokens VALUES ${copies.map(() => line).join()}`, copies.flat());
    expect((await as(user.token, 'POST', '/api/access-tokens', { name: 'x' })).status).toBe(409);
    await patch(user, { is_active: false });
    const [found] = await t.sql('SELECT COUNT(*) AS n FROM access_tokens WHERE user_id = ? AND revoked_at IS NULL', [user.id]); // prettier-ignore
    expect(Number(found?.n)).toBe(0);
  });

  test('are seen by the user and by administrators alone', async () => {
    const [mine, other] = [await t.user({ scopes: ['msp:read', 'msp:write'] }), await t.user({ scopes: ['msp:read', 'msp:write'] })]; // prettier-ignore
    const { id } = await issue({}, mine);
    const list = async (token: string) => (await as(token, 'GET', '/api/access-tokens?limit=1000')).body.items.map(one => one.id); // prettier-ignore
    expect(await list(mine.token)).toEqual([id]);
    expect(await list(other.token)).toEqual([]);
    expect(await list(t.admin.token)).toContain(id);
    for (const method of ['GET', 'DELETE'])
      expect((await as(other.token, method, `/api/access-tokens/${id}`)).status).toBe(404);
    expect((await t.http('DELETE', `/api/users/${mine.id}`)).status).toBe(204);
    const { body } = await t.http('GET', `/api/access-tokens/${id}`);
    expect(body).toMatchObject({ user_id: null, revoked_at: expect.any(String) as string });
  });

  test('is seen and ended by administrators who see every client, and by nobody else but its user', async () => {
    const [hidden, shown] = [(await t.make('clients')).id, await t.client()];
    const only = await t.user({ client_access: 'only', client_ids: [shown] });
    const { id } = await issue({ client_access: 'only', client_ids: [hidden] });
    const own = await issue({}, only);
    const list = await as(only.token, 'GET', '/api/access-tokens');
    expect(list.body.items.map(item => item.id)).toEqual([own.id]);
    for (const method of ['GET', 'DELETE'])
      expect((await as(only.token, method, `/api/access-tokens/${id}`)).status).toBe(404);
    const user = await t.user({ client_access: 'only', client_ids: [hidden, shown] });
    const told = await as(only.token, 'GET', `/api/users/${user.id}`);
    const listed = await t.http('GET', '/api/users', { token: only.token, query: { id: user.id } });
    expect([told.body.client_ids, listed.body.items[0]?.client_ids]).toEqual([[shown], [shown]]);
    expect((await t.http('GET', `/api/users/${user.id}`)).body.client_ids).toEqual([hidden, shown]);
  });
});
