import { type Body, startApp, type TestApp, type TestUser } from './app.js';
import { makerOf } from './factories.js';

let t: TestApp;
let client_id: string;
let technician: TestUser;
beforeAll(async () => {
  t = await startApp();
  client_id = (await t.make('clients')).id;
  technician = await t.user({ scopes: ['msp:read', 'msp:write'] });
});
afterAll(() => t.close());

const SECRET = 'CANARY the same twice';
const pool = (given: Body = {}) => ({ visibility: 'pool', client_id: null, service_name: 'Portal', password: SECRET, ...given }); // prettier-ignore
const made = async (given: Body = {}) => (await t.make('credentials', pool(given))).id;
const write = async (given: Body = {}, token = technician.token) =>
  t.http('POST', '/api/credentials', { token, body: { ...pool(), credential_type: 'password', ...given } });
const grant = (credential_id: string, level: string) =>
  t.make('credential-permissions', { credential_id, user_id: technician.id, level });
const entriesOf = (id: string) => t.sql<{ action: string; details: string }>('SELECT action, details FROM journal WHERE resource_id = ? ORDER BY n', [id]); // prettier-ignore

test('the same secret twice for one service is a hint, never a refusal', async () => {
  const service_name = 'Hint';
  const first = await made({ service_name });
  const again = await write({ service_name }, t.admin.token);
  expect([again.status, again.body.duplicates]).toEqual([201, [first]]);
  expect((await write({ service_name: 'Another' }, t.admin.token)).body.duplicates).toEqual([]);
  expect((await write({ service_name, password: 'CANARY other' }, t.admin.token)).body.duplicates).toEqual(
    [],
  );
  const { id } = again.body;
  const change = (body: Body) => t.http('PATCH', `/api/credentials/${id}`, { body });
  expect((await change({ notes: 'no secret written' })).body).not.toHaveProperty('duplicates');
  await change({ password: 'CANARY another' });
  expect((await change({ password: SECRET })).body.duplicates).toEqual([first]);
  // An older version is history, and no duplicate.
  await change({ password: 'CANARY the newest' });
  expect((await write({ service_name }, t.admin.token)).body.duplicates).toEqual([first]);
  const seen = await t.http('GET', `/api/credentials/${id}`);
  expect(seen.body).not.toHaveProperty('duplicates');
});

test('it is told only of credentials that the caller may reveal just so, and stands in their trail', async () => {
  const service_name = 'Rights';
  const ids = {
    hidden: await made({ service_name }),
    seen: await made({ service_name }),
    ours: await made({ service_name }),
    guarded: await made({ service_name, reveal_policy: 'reason' }),
    client: await made({ service_name, client_id, visibility: 'private' }),
  };
  await grant(ids.seen, 'view');
  await grant(ids.ours, 'reveal');
  await grant(ids.guarded, 'manage');
  const answer = await write({ service_name });
  expect([answer.status, answer.body.duplicates]).toEqual([201, [ids.ours]]);
  const hints = async (id: string) =>
    (await entriesOf(id)).filter(one => one.details.includes(`"same_secret_as":"${answer.body.id}"`));
  expect(await hints(ids.ours)).toHaveLength(1);
  for (const id of [ids.hidden, ids.seen, ids.guarded, ids.client]) expect(await hints(id)).toEqual([]);
});

test('nobody learns of a private credential of somebody else, its owner does', async () => {
  const mine = { service_name: 'Private', visibility: 'private' };
  const first = await write(mine);
  expect(first.body.duplicates).toEqual([]);
  expect((await write(mine, t.admin.token)).body.duplicates).toEqual([]);
  expect((await write(mine)).body.duplicates).toEqual([first.body.id]);
  const stored = await t.sql<{ fingerprint: string }>('SELECT s.fingerprint FROM credential_secrets s JOIN credentials c ON c.id = s.credential_id WHERE c.service_name = ?', ['Private']); // prettier-ignore
  expect(new Set(stored.map(one => one.fingerprint)).size).toBe(2);
});

test('no request compares many guesses, and a repetition tells nothing again', async () => {
  const service_name = 'Guess';
  const first = await made({ service_name });
  await grant(first, 'reveal');
  const item = { ...pool({ service_name }), credential_type: 'password' };
  const guesses = [{ ...item, password: 'CANARY wrong' }, item];
  for (const atomic of [false, true]) {
    const { status, body, text } = await t.http('POST', '/api/credentials/bulk', {
      token: technician.token,
      body: { items: guesses, atomic },
    });
    expect([status, body.results.map(one => one.status)]).toEqual([200, [201, 201]]);
    expect(text).not.toContain('duplicates');
    expect(text).not.toContain(first);
  }
  expect((await entriesOf(first)).some(one => one.details.includes('same_secret_as'))).toBe(false);
  const headers = { 'idempotency-key': 'duplicates' };
  const body = { ...item, service_name: 'Again' };
  await makerOf(t.http).make('credentials', body);
  const once = () => t.http('POST', '/api/credentials', { headers, body });
  expect((await once()).body.duplicates).toHaveLength(1);
  const again = await once();
  expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
  expect(again.body).not.toHaveProperty('duplicates');
});

test('no uniqueness of the schema answers guesses: of the secret nothing unique is stored', async () => {
  const service_name = 'Many';
  const answers = await Promise.all(Array.from({ length: 10 }, () => write({ service_name })));
  expect(answers.map(one => one.status)).toEqual(answers.map(() => 201));
});

test('a seed is compared with nothing', async () => {
  const body = { service_name: 'Seed', totp_secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' };
  const password = () => `CANARY ${Math.random()}`;
  const first = await write({ ...body, password: password() }, t.admin.token);
  const second = await write({ ...body, password: password() }, t.admin.token);
  expect([first.body.duplicates, second.body.duplicates]).toEqual([[], []]);
});

/**
 * Sets the guess on an older credential of one's own, and on so many newer ones that all together are told just so:
 * another equal one would push the oldest out.
 */
async function guess(service_name: string, password: string, beforeVictim: string, token: string) {
  await t.http('PATCH', `/api/credentials/${beforeVictim}`, { token, body: { password } });
  for (let n = 0; n < 19; n++) await write({ service_name, password }, token);
  return (await write({ service_name, password }, token)).body.duplicates as unknown as string[];
}

test.each([
  ['a credential that one may only view', {}, 'view'],
  ['one whose policy asks for a code', { reveal_policy: 'otp' }, 'reveal'],
  ['one whose client asks for a reason', {}, 'client'],
])('of %s not even the number of hints tells', async (name, given, level) => {
  for (const user of [technician, t.admin])
    for (const right of [true, false]) {
      const service_name = `Oracle ${name} ${user.id} ${right}`;
      const older = (await write({ service_name, password: 'CANARY older' }, user.token)).body.id;
      const asking = level === 'client' ? (await t.make('clients', { reveal_policy: 'reason' })).id : null;
      const victim = await made({ service_name, client_id: asking, password: 'CANARY theirs', ...given });
      await grant(victim, level === 'client' ? 'reveal' : level);
      // An administrator may reveal what others may only view.
      if (user === t.admin && level === 'view') continue;
      const told = await guess(service_name, right ? 'CANARY theirs' : 'CANARY other', older, user.token);
      expect([user.email, right, told.length, told.includes(older)]).toEqual([user.email, right, 20, true]);
    }
});

test('equal secrets are on the trail for who may reveal both, and for nobody else', async () => {
  const service_name = 'Trail';
  const first = await made({ service_name });
  const second = (await write({ service_name }, t.admin.token)).body.id;
  const hints = async (token: string) => {
    const path = `/api/credential-audit-logs/by-credential/${first}`;
    const { body, text } = await t.http('GET', path, { token, query: { action: 'view' } });
    expect(body.items).toHaveLength(Number(body.total));
    return text.includes('same_secret_as') ? text.includes(second) : body.total;
  };
  const reader = await t.user({ scopes: ['msp:read'] });
  const level = (credential_id: string, one: string) =>
    t.make('credential-permissions', { credential_id, user_id: reader.id, level: one });
  expect(await hints(t.admin.token)).toBe(true);
  await level(first, 'view');
  await level(second, 'view');
  expect(await hints(reader.token)).toBe(0);
  await level(first, 'reveal');
  expect(await hints(reader.token)).toBe(0);
  await level(second, 'reveal');
  expect(await hints(reader.token)).toBe(true);
  await t.http('PATCH', `/api/credentials/${second}`, { body: { reveal_policy: 'reason' } });
  expect(await hints(reader.token)).toBe(0);
  await t.http('DELETE', `/api/credentials/${second}`);
  expect(await hints(reader.token)).toBe(0);
});

test('who may not read is told neither of duplicates nor of what is generated', async () => {
  const writer = await t.user({ scopes: ['msp:write'] });
  const service_name = 'Writer';
  const first = await write({ service_name }, writer.token);
  const again = await write({ service_name }, writer.token);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).not.toHaveProperty('duplicates');
  const rotate = (body: Body) =>
    t.http('POST', `/api/credentials/${again.body.id}/rotate`, { token: writer.token, body });
  const refused = await rotate({ reveal: true });
  expect([refused.status, refused.body.details]).toMatchObject([403, { scope: 'msp:read' }]);
  expect((await rotate({})).status).toBe(200);
  expect((await rotate({ value: 'CANARY given', reveal: true })).status).toBe(200);
});
