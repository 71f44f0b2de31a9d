import { ADMIN_PASSWORD, type Answer, startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What OAuth 2 tools send: a form, and nothing but the form. */
function ask(form: Record<string, string> | string, headers: Record<string, string> = {}): Promise<Answer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return t.http('POST', '/api/auth/token', { token: null, body, headers: { ...FORM, ...headers } });
}

const grantOf = (username: string, more: Record<string, string> = {}) => ({
  grant_type: 'password',
  username,
  password: ADMIN_PASSWORD,
  ...more,
});

describe('the password flow of OAuth 2', () => {
  test('gives tokens that work, as RFC 6749 shapes them, kept by nobody', async () => {
    const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const answer = await ask(grantOf(user.email, { scope: 'msp:read', client_id: 'docs', audience: 'x' }));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
    expect(answer.body).toEqual({
      access_token: expect.any(String) as string,
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/) as string,
      scope: 'msp:read msp:write',
    });
    const { access_token: token, refresh_token } = answer.body;
    expect((await t.http('GET', '/api/clients', { token })).status).toBe(200);
    expect((await t.http('POST', '/api/auth/refresh', { token: null, body: { refresh_token } })).status).toBe(
      200,
    );
  });

  test('takes no notice of client credentials in the header, which many tools send', async () => {
    const user = await t.user();
    expect((await ask(grantOf(user.email), { authorization: 'Basic Og==' })).status).toBe(200);
  });

  test.each([
    ['another grant', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['no grant', { grant_type: '' }, 'invalid_request'],
    ['a scope that does not exist', { scope: 'msp:read root' }, 'invalid_scope'],
    ['a wrong password', { password: 'CANARY not the password 8' }, 'invalid_grant'],
    ['an unknown user', { username: 'nobody@canary.test' }, 'invalid_grant'],
    ['what is no address', { username: 'CANARYNAME' }, 'invalid_request'],
    ['no password', { password: '' }, 'invalid_request'],
  ])('refuses %s in the words of the RFC and in the one shape', async (_, more, word) => {
    const answer = await ask(grantOf((await t.user()).email, more));
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toMatchObject({
      error: word,
      error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/) as string,
      code: word === 'invalid_grant' ? 'authentication' : 'validation',
      path: '/api/auth/token',
      request_id: answer.headers['x-request-id'],
    });
    expect(answer.text).not.toMatch(/CANARY/);
  });

  test('refuses a parameter that is given twice', async () => {
    const { email } = await t.user();
    const answer = await ask(`${new URLSearchParams(grantOf(email)).toString()}&username=${email}`);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  test('reads forms only', async () => {
    const answer = await t.http('POST', '/api/auth/token', { token: null, body: grantOf('a@b.test') });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  test('locks like the login, and is locked by it', async () => {
    const user = await t.user();
    const wrong = { password: 'CANARY not the password 8' };
    for (let n = 0; n < 5; n++) await ask(grantOf(user.email, wrong));
    expect((await ask(grantOf(user.email))).body.error).toBe('invalid_grant');
    const login = { email: user.email, password: ADMIN_PASSWORD };
    expect((await t.http('POST', '/api/auth/login', { token: null, body: login })).status).toBe(401);
    const refused = await t.sql(
      "SELECT outcome FROM journal WHERE action = 'auth.login' AND resource_id = ?",
      [user.id],
    );
    expect(refused).toHaveLength(7);
  });
});

test('it counts against the limit of logins', async () => {
  const limited = await startApp({ settings: { LOGIN_LIMIT_PER_MINUTE: '2' } });
  try {
    const statuses = [];
    for (let n = 0; n < 3; n++) {
      const body = new URLSearchParams(grantOf('nobody@canary.test')).toString();
      const options = { token: null, body, headers: FORM };
      statuses.push((await limited.http('POST', '/api/auth/token', options)).status);
    }
    expect(statuses).toEqual([400, 400, 429]);
  } finally {
    await limited.close();
  }
});
