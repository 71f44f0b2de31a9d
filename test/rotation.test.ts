import { PasswordStrength } from '../src/core/access/factors/password-strength.js';
import { startApp, type Body, type TestApp } from './app.js';
import { privateKey } from './harness/type-secrets.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const make = async (given: Body = {}) => (await t.make('credentials', given)).id;
const rotate = (id: string, body: Body, more: { token?: string; headers?: Record<string, string> } = {}) =>
  t.http('POST', `/api/credentials/${id}/rotate`, { body, ...more });
const get = async (id: string) => (await t.http('GET', `/api/credentials/${id}`)).body as Body;
const entries = (id: string) =>
  t.sql<{ action: string; outcome: string; details: string }>(
    'SELECT action, outcome, details FROM journal WHERE resource_id = ? ORDER BY n',
    [id],
  );

test('without a body the main secret of the type is generated', async () => {
  const { id } = await t.make('credentials', { credential_type: 'password', password: 'CANARY before 12' });
  const { status, body } = await t.http('POST', `/api/credentials/${id}/rotate`);
  expect([status, body.last_rotated_at]).toEqual([200, expect.any(String)]);
  const opened = (await t.http('GET', `/api/credentials/${id}`)).body;
  expect(opened.password).not.toBe('CANARY before 12');
});

test('several secrets are one version', async () => {
  const id = await make({ credential_type: 'ssh_key', passphrase: 'CANARY before' });
  const secrets = { private_key: privateKey(), passphrase: 'CANARY after' };
  const answer = await rotate(id, { secrets });
  expect([answer.status, answer.body.generated]).toEqual([200, undefined]);
  expect(answer.text).not.toContain('CANARY');
  expect(await get(id)).toMatchObject(secrets);
  const { body } = await t.http('GET', `/api/credentials/${id}/versions`);
  expect(body.items[0]).toMatchObject({ version: 2, fields: ['passphrase', 'private_key'] });
});

test.each([
  ['beside a value', { secrets: { password: 'CANARY' }, value: 'CANARY' }, 'secrets'],
  ['without one', { secrets: {} }, 'secrets'],
  ['of another type', { secrets: { private_key: privateKey() } }, 'private_key'],
  ['unknown', { secrets: { pin: 'CANARY' } }, 'secrets.pin'],
  ['null', { secrets: { password: null } }, 'secrets.password'],
  ['no object', { secrets: 'CANARY' }, 'secrets'],
])('secrets %s are refused', async (_what, body, field) => {
  const answer = await rotate(await make(), body);
  expect([answer.status, answer.body.details.errors?.[0]?.field]).toEqual([422, field]);
  expect(answer.text).not.toContain('CANARY');
});

test.each(['value', 'field', 'length', 'classes', 'reveal', 'secrets'])(
  'null for %s is refused and rotates nothing',
  async field => {
    const id = await make();
    const answer = await rotate(id, { [field]: null });
    expect([answer.status, answer.body.details.errors]).toMatchObject([422, [{ field, rule: 'null' }]]);
    expect((await entries(id)).filter(one => one.action === 'credential.rotate')).toEqual([]);
  },
);

test.each(['password', 'api_key', 'oauth', 'shared_secret'])(
  'the main secret of a %s is generated, and told once where it was asked for',
  async credential_type => {
    const id = await make({ credential_type });
    expect((await rotate(id, {})).body).not.toHaveProperty('generated');
    const answer = await rotate(id, { reveal: true, length: 40 });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const generated = answer.body.generated as unknown as Record<string, string>;
    const [[field = '', value = ''] = []] = Object.entries(generated);
    expect(value).toHaveLength(40);
    expect((await get(id))[field]).toBe(value);
    const found = (await entries(id)).filter(one => one.action === 'credential.reveal');
    expect(found.map(one => JSON.parse(one.details) as unknown)).toEqual([
      expect.objectContaining({ fields: [field], generated: true }),
    ]);
    expect(JSON.stringify(await t.sql('SELECT details, changes FROM journal'))).not.toContain(value);
  },
);

test('who does not pass the reveal policy rotates nothing by asking for it', async () => {
  const id = await make({ reveal_policy: 'reason', password: 'CANARY stays' });
  const refused = await rotate(id, { reveal: true });
  expect([refused.status, refused.body.details.policy]).toEqual([403, 'reason']);
  const headers = { 'x-opskeep-reason': 'The old one has leaked' };
  const { body } = await t.http('GET', `/api/credentials/${id}`, { headers });
  expect(body.password).toBe('CANARY stays');
  expect(
    (await entries(id)).some(one => one.action === 'credential.reveal' && one.outcome === 'refused'),
  ).toBe(true);
  expect((await rotate(id, { reveal: true }, { headers })).body.generated).toBeDefined();
});

test('an answer that is given again is without what was generated', async () => {
  const id = await make();
  const headers = { 'idempotency-key': 'rotated-once' };
  const first = await rotate(id, { reveal: true }, { headers });
  const again = await rotate(id, { reveal: true }, { headers });
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect([again.status, again.body.version]).toEqual([200, first.body.version]);
  expect([first.body.generated, again.body.generated]).toEqual([expect.anything(), undefined]);
  expect((await get(id)).password).toBe((first.body.generated as unknown as Body).password);
});

/** While a password is judged, others write to the same row: neither SQLite's writer nor a lock is held for it. */
test.each([
  ['a rotation with a value', 'POST', '/rotate', { value: 'CANARY given 4711' }],
  ['a rotation with secrets', 'POST', '/rotate', { secrets: { password: 'CANARY given 4712' } }],
  ['a rotation that generates', 'POST', '/rotate', {}],
  ['an update', 'PATCH', '', { password: 'CANARY given 4713' }],
])('%s holds up nobody while its password is judged', async (_what, method, path, body) => {
  const id = await make();
  const strength = t.app.get(PasswordStrength);
  const judge = strength.score.bind(strength);
  const meanwhile: number[] = [];
  const spy = jest.spyOn(strength, 'score').mockImplementation(async (...given) => {
    const other = t.http('PATCH', `/api/credentials/${id}`, { body: { notes: 'Meanwhile' } });
    const late = new Promise<number>(resolve => setTimeout(resolve, 1_500, 0).unref());
    meanwhile.push(await Promise.race([other.then(one => one.status), late]));
    return judge(...given);
  });
  try {
    const answer = await t.http(method, `/api/credentials/${id}${path}`, { body });
    expect([answer.status, answer.body.notes, meanwhile]).toEqual([200, 'Meanwhile', [200]]);
    expect(answer.body.strength).toEqual(expect.any(Number));
  } finally {
    spy.mockRestore();
  }
});
