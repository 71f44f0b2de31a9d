import bcrypt from 'bcryptjs';
import { EventBus } from '../src/core/events/events.js';
import { ADMIN_PASSWORD, type Answer, startApp, type TestApp, type TestUser } from './app.js';
import { query } from './harness/query.js';

const WRONG = 'CANARY this is not the password 7';
const NEW_PASSWORD = 'CANARY orange tractor lemming 41';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { LOG_LEVEL: 'trace' } });
});
afterAll(() => t.close());

const change = (text: string, values: (string | number)[] = []) =>
  query(t.opened.settings.DATABASE_URL.reveal(), text, values);

function logIn(email: string, password: string, more: object = {}): Promise<Answer> {
  return t.http('POST', '/api/auth/login', { token: null, body: { email, password, ...more } });
}

async function rowOf(user: TestUser): Promise<Record<string, unknown>> {
  const [row] = await t.sql('SELECT failed_logins, locked_until, password_hash FROM users WHERE id = ?', [
    user.id,
  ]);
  return row ?? {};
}

describe('logging in', () => {
  test('gives tokens that work, in an answer that nobody keeps', async () => {
    const user = await t.user({ scopes: ['msp:read'] });
    const answer = await logIn(` ${user.email.toUpperCase()} `, ADMIN_PASSWORD, { machine: 'bench-7' });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      access_token: expect.any(String) as string,
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/) as string,
      scopes: ['msp:read'],
    });
    const me = await t.http('GET', '/api/auth/me', { token: answer.body.access_token });
    expect(me.body).toMatchObject({ id: user.id, email: user.email });
    expect(me.text).not.toContain('argon2');
    const [stored] = await t.sql('SELECT machine FROM logins WHERE user_id = ? ORDER BY id DESC LIMIT 1', [
      user.id,
    ]);
    expect(stored).toEqual({ machine: 'bench-7' });
  });

  test('is refused in the same words for nobody and for a wrong password', async () => {
    const user = await t.user();
    const [known, unknown] = [await logIn(user.email, WRONG), await logIn('nobody@canary.test', WRONG)];
    expect(known.status).toBe(401);
    expect(known.headers['www-authenticate']).toBe('Bearer');
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...known.body, request_id: '' });
  });

  test('names every fault of the body, and no value', async () => {
    const answer = await t.http('POST', '/api/auth/login', {
      token: null,
      body: { email: 'no address', password: '', otp: '12', admin: true },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.details.errors.map(one => one.field).sort()).toEqual([
      'admin', 'email', 'otp', 'password',
    ]); // prettier-ignore
    expect(answer.text).not.toContain('no address');
  });

  test('a disabled user is refused as with a wrong password', async () => {
    const user = await t.user();
    await t.http('PATCH', `/api/users/${user.id}`, { body: { is_active: false } });
    expect((await logIn(user.email, ADMIN_PASSWORD)).status).toBe(401);
  });

  test('the first login of an old account replaces its bcrypt hash', async () => {
    const user = await t.user();
    await change('UPDATE users SET password_hash = ? WHERE id = ?', [
      await bcrypt.hash(ADMIN_PASSWORD, 4),
      user.id,
    ]);
    expect((await logIn(user.email, WRONG)).status).toBe(401);
    expect((await logIn(user.email, ADMIN_PASSWORD)).status).toBe(200);
    expect((await rowOf(user)).password_hash).toMatch(/^\$argon2id\$/);
    expect((await logIn(user.email, ADMIN_PASSWORD)).status).toBe(200);
  });

  test('a stored hash that nobody can read opens nothing and breaks nothing', async () => {
    const user = await t.user();
    await change("UPDATE users SET password_hash = 'CANARY md5' WHERE id = ?", [user.id]);
    expect((await logIn(user.email, 'CANARY md5')).status).toBe(401);
  });

  test('clients of the earlier system send a form', async () => {
    const user = await t.user();
    for (const path of ['/auth/admin', '/api/auth/admin']) {
      const form = new URLSearchParams({
        username: user.email,
        password: ADMIN_PASSWORD,
        grant_type: 'password',
      });
      const answer = await t.http('POST', path, {
        token: null,
        body: form.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(answer.status).toBe(200);
      expect((await t.http('GET', '/api/clients', { token: answer.body.access_token })).status).toBe(200);
    }
    const elsewhere = await t.http('POST', '/api/auth/login', {
      token: null,
      body: `email=${user.email}&password=x`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(elsewhere.status).toBe(415);
  });
});

describe('the lock', () => {
  const inMinutes = (until: unknown) =>
    Math.round((Date.parse(`${String(until).slice(0, 23).replace(' ', 'T')}Z`) - Date.now()) / 60_000);

  test('of fifty wrong logins at once five count; then the right password is refused, until it is over', async () => {
    const user = await t.user();
    const answers = await Promise.all(Array.from({ length: 50 }, () => logIn(user.email, WRONG)));
    expect(new Set(answers.map(one => one.status))).toEqual(new Set([401]));
    const locked = await rowOf(user);
    expect(locked.failed_logins).toBe(5);
    expect(inMinutes(locked.locked_until)).toBe(15);
    expect((await logIn(user.email, ADMIN_PASSWORD)).text).toContain('Wrong email, password or code');
    await change("UPDATE users SET locked_until = '2020-01-01 00:00:00.000' WHERE id = ?", [user.id]);
    expect((await logIn(user.email, ADMIN_PASSWORD)).status).toBe(200);
    expect(await rowOf(user)).toMatchObject({ failed_logins: 0, locked_until: null });
  });

  test('the right password among guesses at once is let in only before the fifth failure', async () => {
    const user = await t.user();
    await change('UPDATE users SET failed_logins = 4 WHERE id = ?', [user.id]);
    const guesses = [WRONG, WRONG, WRONG, WRONG, WRONG, WRONG, WRONG, ADMIN_PASSWORD];
    const answers = await Promise.all(guesses.map(password => logIn(user.email, password)));
    const admitted = answers.filter(one => one.status === 200).length;
    const { locked_until, failed_logins } = await rowOf(user);
    // Either it came first and the count began anew, or it was refused.
    expect(admitted === 0 ? locked_until !== null : Number(failed_logins) <= 7).toBe(true);
  });

  test('grows: thirty minutes after the tenth failure', async () => {
    const user = await t.user();
    await change('UPDATE users SET failed_logins = 9 WHERE id = ?', [user.id]);
    await logIn(user.email, WRONG);
    expect(inMinutes((await rowOf(user)).locked_until)).toBe(30);
  });

  test('the twentieth failure is announced, once', async () => {
    const user = await t.user();
    const announced: unknown[] = [];
    t.app.get(EventBus).on('auth.brute_force', event => void announced.push(event));
    await change('UPDATE users SET failed_logins = 19 WHERE id = ?', [user.id]);
    await Promise.all([1, 2, 3].map(() => logIn(user.email, WRONG)));
    expect(announced).toEqual([{ user_id: user.id, email: user.email, failures: 20, ip: '127.0.0.1' }]);
  });

  test('a new password by an administrator lifts it', async () => {
    const user = await t.user();
    await change(
      "UPDATE users SET failed_logins = 5, locked_until = '2999-01-01 00:00:00.000' WHERE id = ?",
      [user.id],
    );
    const body = { password: NEW_PASSWORD };
    expect((await t.http('PATCH', `/api/users/${user.id}`, { body })).status).toBe(200);
    expect((await logIn(user.email, NEW_PASSWORD)).status).toBe(200);
  });
});

describe('passwords', () => {
  test.each([
    ['short', 'CANARY 4'],
    ['common', 'password123456'],
    ['a pattern', 'abcabcabcabcabc'],
    ["the user's own address", 'somebody.canary.test'],
  ])('that are %s are refused', async (_, password) => {
    const answer = await t.http('POST', '/api/users', {
      body: { email: 'somebody@canary.test', name: 'Somebody', password },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.details.field).toBe('password');
    expect(answer.text).not.toContain(password);
  });

  test('are changed by who knows the present one; every login ends, and a new one begins', async () => {
    const user = await t.user();
    const ask = (token: string, current_password: string, new_password: string) =>
      t.http('POST', '/api/auth/change-password', { token, body: { current_password, new_password } });
    expect((await ask(user.token, WRONG, NEW_PASSWORD)).body.details.field).toBe('current_password');
    expect((await ask(user.token, ADMIN_PASSWORD, 'aaaaaaaaaaaaaaa')).body.details.field).toBe(
      'new_password',
    );
    const answer = await ask(user.token, ADMIN_PASSWORD, NEW_PASSWORD);
    expect(answer.status).toBe(200);
    expect((await t.http('GET', '/api/auth/me', { token: user.token })).status).toBe(401);
    expect((await t.http('GET', '/api/auth/me', { token: answer.body.access_token })).status).toBe(200);
    expect((await logIn(user.email, ADMIN_PASSWORD)).status).toBe(401);
    expect((await logIn(user.email, NEW_PASSWORD)).status).toBe(200);
  });

  test('guessed with a stolen token, lock like failed logins', async () => {
    const user = await t.user();
    const guess = (current_password: string) =>
      t.http('POST', '/api/auth/change-password', {
        token: user.token,
        body: { current_password, new_password: NEW_PASSWORD },
      });
    for (let n = 0; n < 5; n++) expect((await guess(`${WRONG} ${n}`)).status).toBe(422);
    expect((await guess(ADMIN_PASSWORD)).status).toBe(422);
    expect((await rowOf(user)).failed_logins).toBe(5);
  });

  test('an update of the user that was read before does not bring an old password back', async () => {
    const user = await t.user();
    const both = await Promise.all([
      t.http('POST', '/api/auth/change-password', {
        token: user.token,
        body: { current_password: ADMIN_PASSWORD, new_password: NEW_PASSWORD },
      }),
      ...[1, 2, 3].map(n => t.http('PATCH', `/api/users/${user.id}`, { body: { name: `Renamed ${n}` } })),
    ]);
    expect(both.map(one => one.status)).toEqual([200, 200, 200, 200]);
    expect((await logIn(user.email, NEW_PASSWORD)).status).toBe(200);
  });

  test('stand in no answer, no log line and no entry of the journal', async () => {
    const journal = JSON.stringify(await t.sql('SELECT * FROM journal'));
    const logs = JSON.stringify(t.logs);
    for (const secret of [ADMIN_PASSWORD, WRONG, NEW_PASSWORD, '$argon2', '$2b$']) {
      expect(journal).not.toContain(secret);
      expect(logs).not.toContain(secret);
    }
    const users = await t.http('GET', '/api/users?limit=1000');
    expect(users.text).not.toMatch(/hash|argon2|CANARY|sealed|locked|failed/);
  });
});
