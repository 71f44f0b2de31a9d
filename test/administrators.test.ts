import { startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const active = () => t.sql("SELECT email FROM users WHERE is_active = 1 AND scopes LIKE '%msp:admin%'");
const password = 'CANARY marble heron 5521';

describe('an administrator', () => {
  test('who sees only some clients manages no users: that would give the others away', async () => {
    const client = await t.client();
    const some = await t.user({ client_access: 'only', client_ids: [client] });
    const path = `/api/users/${some.id}`;
    const attempts = [
      await t.http('PATCH', path, { token: some.token, body: { client_access: 'all' } }),
      await t.http('PATCH', `/api/users/${t.admin.id}`, { token: some.token, body: { password } }),
      await t.http('POST', '/api/users', {
        token: some.token,
        body: { email: 'x@canary.test', name: 'X', password },
      }),
      await t.http('DELETE', `/api/users/${t.admin.id}`, { token: some.token }),
    ];
    expect(attempts.map(one => one.status)).toEqual([403, 403, 403, 403]);
    expect((await t.http('GET', '/api/auth/me', { token: some.token })).body.client_access).toBe('only');
    await t.http('DELETE', path);
  });

  test('who is the last one stays: not demoted, disabled or deleted', async () => {
    expect(await active()).toHaveLength(1);
    const path = `/api/users/${t.admin.id}`;
    expect((await t.http('PATCH', path, { body: { scopes: ['msp:read'] } })).status).toBe(409);
    expect((await t.http('PATCH', path, { body: { is_active: false } })).status).toBe(409);
    expect((await t.http('DELETE', path)).status).toBe(409);
    expect((await t.http('PATCH', path, { body: { name: 'Still here' } })).status).toBe(200);
  });

  test('and another one who remove each other at the same time leave one behind', async () => {
    for (let round = 0; round < 5; round++) {
      const other = await t.user();
      const answers = await Promise.all([
        t.http('PATCH', `/api/users/${other.id}`, { body: { is_active: false } }),
        t.http('PATCH', `/api/users/${t.admin.id}`, { token: other.token, body: { is_active: false } }),
      ]);
      expect(answers.filter(one => one.status === 200)).toHaveLength(1);
      const left = await active();
      expect(left).toHaveLength(1);
      if (left[0]?.email !== t.admin.email) break; // the other one won: there is nobody to go on with
    }
  });
});
