import { startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({
    settings: { RATE_LIMIT_PER_MINUTE: '5', LOGIN_LIMIT_PER_MINUTE: '3', TRUSTED_PROXIES: '127.0.0.1' },
  });
});
afterAll(() => t.close());

const from = (ip: string) => ({ 'x-forwarded-for': ip });
const health = (ip: string) => t.http('GET', '/health', { token: null, headers: from(ip) });
const logIn = (ip: string) =>
  t.http('POST', '/api/auth/login', {
    token: null,
    headers: from(ip),
    body: { email: 'x@canary.test', password: 'x' },
  });

describe('limits', () => {
  test('count requests of an actor, whatever address and answer', async () => {
    const user = await t.user({ scopes: ['msp:read'] });
    const statuses: number[] = [];
    for (let n = 1; n <= 4; n++) {
      const path = n % 2 ? '/api/clients' : '/api/clients/none';
      const answer = await t.http(n === 3 ? 'POST' : 'GET', path, {
        token: user.token, headers: from(`192.0.2.${n}`), body: n === 3 ? {} : undefined,
      }); // prettier-ignore
      expect(answer.headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': String(5 - n) });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([200, 422, 403, 422]);
    await t.http('GET', '/api/clients', { token: user.token });
    const refused = await t.http('GET', '/api/clients', { token: user.token });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(refused.body).toMatchObject({ code: 'rate_limited', path: '/api/clients', details: {} });
    const other = await t.user();
    expect((await t.http('GET', '/api/clients', { token: other.token })).status).toBe(200);
  });

  test('count requests of all access tokens of a user together, and beside those of the user', async () => {
    const { token } = await t.user();
    const make = () => t.http('POST', '/api/access-tokens', { token, body: { name: 'helper' } });
    const helpers = [await make(), await make()].map(one => String(one.body.token));
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++)
      statuses.push((await t.http('GET', '/api/clients', { token: helpers[n % 2] })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await t.http('GET', '/api/clients', { token })).status).toBe(200);
  });

  test('count requests without a token, and with a bad one, by address', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 7; n++)
      statuses.push(
        (await t.http('GET', '/api/clients', { token: 'bad', headers: from('198.51.100.1') })).status,
      );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await health('198.51.100.1')).status).toBe(429);
    expect((await health('198.51.100.2')).status).toBe(200);
  });

  test('hold for the protocol of KV, in its words', async () => {
    const ask = () =>
      t.http('GET', '/v1/secret/data/a/b', {
        token: null,
        headers: { ...from('198.51.100.9'), 'x-vault-token': 'bad' },
      });
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push(await ask());
    expect(answers.map(one => one.status)).toEqual([403, 403, 403, 403, 403, 429]);
    expect(answers[5]?.body).toEqual({
      errors: [`Too many requests; try again in ${answers[5]?.headers['retry-after']} seconds`],
    });
    expect(Number(answers[5]?.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('count by address what never comes to its route', async () => {
    const [nowhere, notJson, notText, deep] = ['192.0.2.10', '192.0.2.11', '192.0.2.12', '192.0.2.13'];
    const post = (ip: string, raw: string, type = 'application/json') =>
      t.http('POST', '/api/auth/login', {
        token: null,
        body: raw,
        headers: { ...from(ip), 'content-type': type },
      });
    const requests: [number, () => ReturnType<typeof health>][] = [
      [404, () => t.http('GET', '/api/nowhere', { token: null, headers: from(nowhere) })],
      [422, () => post(notJson, '{"a":')],
      [415, () => post(notText, 'a', 'text/plain')],
      [422, () => post(deep, '['.repeat(5000))],
    ];
    for (const [status, request] of requests) {
      const answers = [];
      for (let n = 0; n < 6; n++) answers.push(await request());
      expect(answers.map(one => one.status)).toEqual([...Array<number>(5).fill(status), 429]);
      expect(answers[0]?.headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': '4' });
      expect(answers[5]?.body).toMatchObject({ code: 'rate_limited', details: { errors: [] } });
      expect(Number(answers[5]?.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await health(nowhere)).status).toBe(429);
  });

  test('take a /64 of IPv6 for one address', async () => {
    const statuses: number[] = [];
    for (let n = 1; n <= 6; n++) statuses.push((await health(`2001:db8::${n}`)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await health('2001:db8:0:1::1')).status).toBe(200);
  });

  test('are stricter for logins', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await logIn('203.0.113.1')).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await logIn('203.0.113.2')).status).toBe(401);
  });
});
