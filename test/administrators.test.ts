import { FirstAdminMaker } from '../src/core/start/first-admin.js';
import { startApp, type TestApp } from './app.js';
import { enrol } from './harness/second-factor.js';

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

  test('changes the own password with the present one alone', async () => {
    const user = await t.user();
    for (const method of ['PATCH', 'PUT']) {
      const answer = await t.http(method, `/api/users/${user.id}`, { token: user.token, body: { password } });
      expect([answer.status, answer.body.details]).toMatchObject([403, { field: 'password' }]);
    }
    expect((await t.http('GET', '/api/auth/me', { token: user.token })).status).toBe(200);
    await t.http('DELETE', `/api/users/${user.id}`);
  });

  test('with a second factor gives nobody rights without a code of it', async () => {
    const user = await t.user();
    const other = await t.user({ scopes: ['msp:read'] });
    const factor = await enrol(t, user);
    const person = (n: number) => ({ email: `p${n}@canary.test`, name: 'P', password });
    const path = `/api/users/${other.id}`;
    const attempts: [string, string, object, number][] = [
      ['POST', '/api/users', person(1), 201],
      ['POST', '/api/users/bulk', { items: [person(2), person(3)], atomic: true }, 200],
      ['PATCH', path, { password }, 200],
      ['PUT', path, { scopes: ['msp:admin', 'msp:read'] }, 200],
      ['PATCH', path, { client_access: 'only' }, 200],
      ['PATCH', path, { client_ids: [await t.client()] }, 200],
      ['PATCH', path, { is_active: false }, 200],
    ];
    for (const [method, to, body, status] of attempts) {
      const send = (headers: Record<string, string>) =>
        t.http(method, to, { token: user.token, body, headers });
      const refused = await send({});
      expect([method, body, refused.status, refused.body.details]).toMatchObject([
        method,
        body,
        403,
        { header: 'X-Opskeep-Otp', given: false },
      ]);
      expect((await send({ 'x-opskeep-otp': factor.wrong() })).status).toBe(403);
      await t.change('UPDATE users SET failed_logins = 0 WHERE id = ?', [user.id]);
      const done = await send({ 'x-opskeep-otp': await factor.code() });
      expect([method, body, done.status]).toEqual([method, body, status]);
    }
    const renamed = await t.http('PATCH', path, { token: user.token, body: { name: 'Renamed' } });
    expect(renamed.status).toBe(200);
    for (const id of [user.id, other.id]) await t.http('DELETE', `/api/users/${id}`);
  });

  test('who is the last one stays: not demoted, disabled or deleted', async () => {
    expect(await active()).toHaveLength(1);
    const path = `/api/users/${t.admin.id}`;
    expect((await t.http('PATCH', path, { body: { scopes: ['msp:read'] } })).status).toBe(409);
    expect((await t.http('PATCH', path, { body: { is_active: false } })).status).toBe(409);
    expect((await t.http('DELETE', path)).status).toBe(409);
    expect((await t.http('PATCH', path, { body: { name: 'Still here' } })).status).toBe(200);
  });

  test('is made while nobody has ever been one, though other users are there', async () => {
    const email = 'admin@localhost';
    const first = () => t.app.get(FirstAdminMaker).make();
    const own = await t.sql('SELECT email, email_key, scopes FROM users WHERE id = ?', [t.admin.id]);
    const { email: address, email_key: key, scopes } = own[0] as Record<string, string>;
    await t.change('UPDATE users SET is_active = 0');
    expect(await first()).toBeUndefined();
    await t.change(`UPDATE users SET is_active = 1, scopes = '["msp:read"]'`);
    await t.change("UPDATE users SET email = 'someone@canary.test', email_key = 'x' WHERE id = ?", [
      t.admin.id,
    ]);
    expect(await first()).toMatchObject({ email });
    expect(await first()).toBeUndefined();
    const token = await t.login(email);
    expect((await t.http('GET', '/api/auth/me', { token })).body.scopes).toContain('msp:admin');
    await t.change('DELETE FROM users WHERE email = ?', [email]);
    await t.change('UPDATE users SET scopes = ?, email = ?, email_key = ? WHERE id = ?', [
      ...[scopes, address, key].map(String),
      t.admin.id,
    ]);
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
