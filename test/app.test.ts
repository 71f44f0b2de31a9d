import { startApp, type TestApp } from './app.js';

describe('the test bed', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  it('logs in over HTTP with the passwords it tells', async () => {
    const user = await t.user({ scopes: ['msp:read'] });
    for (const { email, password } of [t.admin, user]) {
      const answer = await t.http('POST', '/api/auth/login', { token: null, body: { email, password } });
      expect(answer.status).toBe(200);
    }
  });

  it('makes rows, and reads them in the database', async () => {
    const row = await t.make('clients', { name: 'Canary Ltd' });
    expect(await t.sql('SELECT name FROM clients WHERE id = ?', [row.id])).toEqual([{ name: 'Canary Ltd' }]);
  });

  it('is left alone by another one in the same process', async () => {
    const other = await startApp();
    try {
      for (const one of [t, other]) {
        const token = await one.login(one.admin.email);
        expect((await one.http('GET', '/api/auth/me', { token })).body).toMatchObject({ id: one.admin.id });
      }
      const foreign = await t.http('GET', '/api/auth/me', { token: await other.login(other.admin.email) });
      expect(foreign.status).toBe(401);
    } finally {
      await other.close();
    }
    const token = await t.login(t.admin.email);
    expect((await t.http('GET', '/api/auth/me', { token })).status).toBe(200);
  });

  it('listens on a socket', async () => {
    const url = await t.listen();
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});
