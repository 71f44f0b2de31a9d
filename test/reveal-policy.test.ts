import { ADMIN_PASSWORD, type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';
import { enrol, type Factor } from './harness/second-factor.js';

let t: TestApp;
let owner: TestUser;
let factor: Factor;
beforeAll(async () => {
  t = await startApp();
  owner = await t.user();
  factor = await enrol(t, owner);
});
afterAll(() => t.close());

type Headers = Record<string, string>;
const because: Headers = { 'x-opskeep-reason': 'the printer wants it' };
const withCode = async (): Promise<Headers> => ({ 'x-opskeep-otp': await factor.code() });

async function credential(given: Body = {}): Promise<Shown> {
  const answer = await t.http('POST', '/api/credentials', {
    token: owner.token,
    body: { credential_type: 'password', service_name: 'Mail', password: 'CANARY-policy', ...given },
  });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body;
}

const client = async (reveal_policy: string) => (await t.make('clients', { reveal_policy })).id;
const get = (id: string, headers: Headers = {}) =>
  t.http('GET', `/api/credentials/${id}`, { token: owner.token, headers });
const patch = (path: string, body: Body, headers: Headers = {}) =>
  t.http('PATCH', `/api/${path}`, { token: owner.token, body, headers });

test('what is refused names the header to send, and how to do without the secrets', async () => {
  const { id } = await credential({ reveal_policy: 'reason' });
  const refused = await get(id);
  expect(refused.status).toBe(403);
  expect(refused.body.error).toMatch(/X-Opskeep-Reason.*\?reveal=false/);
  expect(refused.body.details).toMatchObject({ policy: 'reason', header: 'X-Opskeep-Reason' });
  expect((await get(id, { 'x-opskeep-reason': '  x ' })).status).toBe(403);
  expect((await get(id, { 'x-opskeep-reason': 'x\u00ad\u00ad' })).status).toBe(403);
  for (const reason of ['\u200b'.repeat(3), '   ', 'x \u2800 y\ufe0f'.slice(0, 3)])
    expect((await t.http('POST', '/api/credentials/reveal', { body: { ids: [id], reason } })).status).toBe(
      422,
    );
  expect((await get(id, because)).body.password).toBe('CANARY-policy');

  const strict = await credential({ reveal_policy: 'otp' });
  const asked = await get(strict.id, because);
  expect(asked.body.error).toMatch(/X-Opskeep-Otp; .*\?reveal=false/);
  const wrong = await get(strict.id, { 'x-opskeep-otp': factor.wrong() });
  expect(wrong.status).toBe(403);
  expect(wrong.body.error).toMatch(/X-Opskeep-Otp: the one given is wrong, or was used already/);
  const shared = await credential({ reveal_policy: 'otp', client_id: await client('open') });
  const without = await t.http('GET', `/api/credentials/${shared.id}`);
  expect(without.body.error).toMatch(/and you have none yet: enrol one by POST \/api\/auth\/totp\/enroll/);
  expect((await get(strict.id, await withCode())).body.password).toBe('CANARY-policy');
});

test('the stricter of the credential’s and its client’s wins, on every way to a secret', async () => {
  const client_id = await client('otp');
  const { id } = await credential({ client_id, totp_secret: 'JBSWY3DPEHPK3PXP' });
  const body = { reason: 'the printer wants it' };
  const token = owner.token;
  const ways: [string, string, object?][] = [
    ['GET', `/api/credentials/${id}`],
    ['GET', `/credentials/${id}`],
    ['GET', `/creds/${id}`],
    ['GET', `/api/credentials/${id}/otp`],
    ['POST', `/api/credentials/${id}/reveal`, body],
    ['POST', `/api/credentials/${id}/versions/1/reveal`, body],
  ];
  for (const [method, path, sent] of ways) {
    const refused = await t.http(method, path, { token, body: sent, headers: because });
    expect([path, refused.status, refused.body.details]).toEqual([
      path,
      403,
      expect.objectContaining({ policy: 'otp' }),
    ]);
    const opened = await t.http(method, path, { token, body: sent, headers: await withCode() });
    expect([path, opened.status]).toEqual([path, 200]);
  }
  const laxer = await credential({ client_id: await client('reason'), reveal_policy: 'otp' });
  expect((await get(laxer.id, because)).status).toBe(403);
});

test('one code opens all of a bulk', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.push((await credential({ reveal_policy: 'otp' })).id);
  const reveal = async (headers: Headers) =>
    (
      await t.http('POST', '/api/credentials/reveal', {
        token: owner.token,
        body: { ids, reason: 'all' },
        headers,
      })
    ).body.results;
  expect(await reveal({})).toMatchObject(ids.map(() => ({ status: 403 })));
  expect(await reveal(await withCode())).toMatchObject(ids.map(() => ({ status: 200 })));
});

describe('loosening', () => {
  test.each([
    ['otp', 'reason'],
    ['otp', 'open'],
    ['reason', 'open'],
  ])('a credential from %s to %s needs what %s asks for; tightening nothing', async (from, to) => {
    const { id } = await credential({ reveal_policy: from });
    const path = `credentials/${id}`;
    const enough = async () => (from === 'otp' ? withCode() : because);
    const short: Headers = from === 'otp' ? because : {};
    const refused = await patch(path, { reveal_policy: to }, short);
    expect([refused.status, refused.body.details]).toEqual([403, expect.objectContaining({ policy: from })]);
    expect(
      (await t.http('PUT', `/api/${path}`, { token: owner.token, body: { reveal_policy: to } })).status,
    ).toBe(403);
    expect((await get(id, await enough())).body.reveal_policy).toBe(from);
    expect((await patch(path, { reveal_policy: to }, await enough())).status).toBe(200);
    expect((await patch(path, { reveal_policy: from })).status).toBe(200);
  });

  test('a client needs it too', async () => {
    const path = `clients/${await client('otp')}`;
    expect((await patch(path, { reveal_policy: 'open' }, because)).status).toBe(403);
    expect((await patch(path, { phone: '1' })).status).toBe(200);
    expect((await patch(path, { reveal_policy: 'reason' }, await withCode())).status).toBe(200);
    expect((await patch(path, { reveal_policy: 'open' })).status).toBe(403);
    expect((await patch(path, { reveal_policy: 'open' }, because)).status).toBe(200);
    expect((await patch(path, { reveal_policy: 'otp' })).status).toBe(200);
  });

  test('moving away from a strict client is loosening; moving to one is not', async () => {
    const [strict, lax] = [await client('otp'), await client('open')];
    const { id } = await credential({ client_id: strict });
    const path = `credentials/${id}`;
    for (const client_id of [lax, null])
      expect((await patch(path, { client_id }, because)).body.details).toMatchObject({ policy: 'otp' });
    expect((await patch(path, { client_id: lax, reveal_policy: 'otp' })).status).toBe(200);
    expect((await patch(path, { client_id: strict })).status).toBe(200);
    expect((await patch(path, { reveal_policy: 'open' })).status).toBe(200);
    expect((await patch(path, { client_id: lax }, await withCode())).status).toBe(200);
  });

  test('a wrong code is an entry, counts against the account, and changes nothing', async () => {
    const user = await t.user();
    const own = await enrol(t, user);
    const { body } = await t.http('POST', '/api/credentials', {
      token: user.token,
      body: { credential_type: 'password', service_name: 'x', password: 'CANARY-x', reveal_policy: 'otp' },
    });
    const loosen = (otp: string) =>
      t.http('PATCH', `/api/credentials/${body.id}`, {
        token: user.token,
        body: { reveal_policy: 'open' },
        headers: { 'x-opskeep-otp': otp },
      });
    for (let n = 0; n < 5; n++) expect((await loosen(own.wrong())).status).toBe(403);
    const [row] = await t.sql('SELECT failed_logins, locked_until FROM users WHERE id = ?', [user.id]);
    expect([Number(row?.failed_logins), row?.locked_until]).toEqual([5, expect.anything()]);
    expect((await loosen(await own.code())).status).toBe(403);
    const login = await t.http('POST', '/api/auth/login', {
      token: null,
      body: { email: user.email, password: ADMIN_PASSWORD, otp: await own.code() },
    });
    expect(login.status).toBe(401);
    const wrong = await t.sql("SELECT id FROM journal WHERE action = 'auth.step_up' AND actor_id = ?", [
      user.id,
    ]);
    expect(wrong.length).toBeGreaterThanOrEqual(5);
    const refused = await t.sql(
      "SELECT id FROM journal WHERE action = 'credential.update' AND outcome = 'refused' AND resource_id = ?",
      [body.id],
    );
    expect(refused).toHaveLength(1);
  });
});

test('what is no policy is refused as a value, with the values that there are', async () => {
  for (const [path, body] of [
    ['credentials', { credential_type: 'password', service_name: 'x' }],
    ['clients', { name: 'Approving' }],
  ] as const) {
    const answer = await t.http('POST', `/api/${path}`, { body: { ...body, reveal_policy: 'closed' } });
    expect(answer.status).toBe(422);
    const [fault] = answer.body.details.errors;
    expect(fault).toMatchObject({ field: 'reveal_policy' });
    expect(fault?.message).toMatch(/open, reason, otp, approval/);
  }
});
