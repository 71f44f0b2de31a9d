import { startApp, type Body, type TestApp, type TestUser } from './app.js';
import { enrol } from './harness/second-factor.js';
import { rightSignatures } from './harness/receiver.js';
import { hookBed, SECRET } from './harness/webhooks.js';

let t: TestApp;
const hooks = hookBed(() => t);
const { pass, make, act, deliveries, row, later, events } = hooks;
const patch = (id: string, body: Body, user: TestUser = t.admin) =>
  t.http('PATCH', `/api/webhooks/${id}`, { token: user.token, body });

beforeAll(async () => void (t = await startApp({ settings: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8' } })));
beforeEach(() => hooks.begin());
afterEach(() => hooks.end());
afterAll(() => t.close());

describe('a webhook is told what its user sees', () => {
  it('of clients whom the user sees, at the moment of the delivery', async () => {
    const [own, foreign] = [await t.make('clients'), await t.make('clients')];
    const user = await t.user({ client_access: 'only', client_ids: [own.id] });
    const { id } = await make({}, user);
    const seen = await t.make('sites', { client_id: own.id });
    await t.make('sites', { client_id: foreign.id });
    await pass();
    expect(events()).toEqual([['site.created', seen.id]]);
    hooks.receiver.answer = response => void response.writeHead(500).end();
    await t.http('PATCH', `/api/sites/${seen.id}`, { body: { name: 'Seen for the last time' } });
    await pass();
    await t.http('PATCH', `/api/users/${user.id}`, { body: { client_ids: [foreign.id] } });
    hooks.receiver.got.length = 0;
    await later();
    await pass();
    expect(events()).toEqual([]);
    const [last] = await deliveries(id);
    expect(last).toMatchObject({ status: 'skipped', failure: 'its user may not see this any more' });
  });

  it('and no private credential of another', async () => {
    const colleague = await t.user();
    const user = await t.user({ client_access: 'only', client_ids: [await t.client()] });
    await make({ events: ['credential.*'] }, user);
    const body = await t.body('credentials', { client_id: null, visibility: 'private' });
    const secret = await t.http('POST', '/api/credentials', { token: colleague.token, body });
    expect(secret.status).toBe(201);
    await pass();
    expect(events()).toEqual([]);
  });

  it.each<[string, Body]>([
    ['disabled', { is_active: false }],
    ['no administrator any more', { scopes: ['msp:read', 'msp:write'] }],
    ['not let in to read', { scopes: ['msp:admin'] }],
  ])('and nothing when the user is %s: it is switched off', async (_, change) => {
    const user = await t.user();
    const { id } = await make({}, user);
    await t.make('sites');
    await t.http('PATCH', `/api/users/${user.id}`, { body: change });
    await pass();
    expect(events()).toEqual([]);
    const disabled_because = 'its user may not have webhooks any more';
    expect(await row(id)).toMatchObject({ is_active: false, disabled_because });
  });

  it('and what waits is not sent when the user is disabled before', async () => {
    const user = await t.user();
    const { id } = await make({}, user);
    hooks.receiver.answer = response => void response.writeHead(500).end();
    await t.make('sites');
    await pass();
    await t.http('PATCH', `/api/users/${user.id}`, { body: { is_active: false } });
    await later();
    await pass();
    expect(hooks.receiver.got).toHaveLength(1);
    expect(await row(id)).toMatchObject({ is_active: false });
  });
});

describe('webhooks are managed', () => {
  it('by administrators alone, who see those of others only with every client', async () => {
    const { id } = await make();
    const reader = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const narrow = await t.user({ client_access: 'only', client_ids: [await t.client()] });
    const body = { url: hooks.receiver.url, events: ['*'] };
    expect((await t.http('POST', '/api/webhooks', { token: reader.token, body })).status).toBe(403);
    for (const { token } of [reader, narrow]) {
      expect((await t.http('GET', `/api/webhooks/${id}`, { token })).status).toBe(404);
      expect((await t.http('GET', `/api/webhooks/${id}/deliveries`, { token })).status).toBe(404);
      expect((await t.http('GET', '/api/webhooks', { token })).body.items).toEqual([]);
    }
    for (const [action, given] of [
      ['test'],
      ['rotate-secret'],
      ['replay', { from_seq: 1, to_seq: 2 }],
    ] as const)
      expect((await act(id, action, given, narrow)).status).toBe(404);
  });

  it('by who made them: another administrator switches off, and sends nothing elsewhere', async () => {
    const { id } = await make();
    const other = await t.user();
    for (const change of [{ url: 'https://elsewhere.msp.example/' }, { events: ['*'] }])
      expect((await patch(id, change, other)).status).toBe(403);
    expect((await act(id, 'rotate-secret', undefined, other)).status).toBe(403);
    expect((await patch(id, { is_active: false }, other)).status).toBe(200);
    expect((await patch(id, { is_active: true }, other)).status).toBe(403);
    expect((await patch(id, { is_active: true })).status).toBe(200);
    const gone = await t.http('DELETE', `/api/webhooks/${id}`, { token: other.token });
    expect(gone.status).toBe(204);
  });

  it('by nobody with an access token, which would outlive itself', async () => {
    const { id } = await make();
    const scopes = ['msp:read', 'msp:admin', 'msp:write'];
    const made = await t.http('POST', '/api/access-tokens', { body: { name: 'robot', scopes } });
    const token = String(made.body.token);
    const body = { url: hooks.receiver.url, events: ['*'] };
    expect((await t.http('POST', '/api/webhooks', { token, body })).status).toBe(403);
    expect((await t.http('PATCH', `/api/webhooks/${id}`, { token, body })).status).toBe(403);
    for (const action of ['test', 'rotate-secret'])
      expect((await t.http('POST', `/api/webhooks/${id}/${action}`, { token })).status).toBe(403);
    expect((await t.http('GET', `/api/webhooks/${id}`, { token })).status).toBe(200);
  });

  it('with a fresh code of who has a second factor', async () => {
    const user = await t.user();
    const { id } = await make({}, user);
    const factor = await enrol(t, user);
    const token = await t.login(user.email);
    const body = { url: `${hooks.receiver.url}/2`, events: ['*'] };
    expect((await t.http('POST', '/api/webhooks', { token, body })).status).toBe(403);
    expect((await t.http('PATCH', `/api/webhooks/${id}`, { token, body })).status).toBe(403);
    expect((await t.http('POST', `/api/webhooks/${id}/rotate-secret`, { token })).status).toBe(403);
    const headers = { 'x-opskeep-otp': await factor.code() };
    expect((await t.http('POST', '/api/webhooks', { token, body, headers })).status).toBe(201);
  });

  it('at most 50 of a user', async () => {
    const user = await t.user();
    for (let n = 0; n < 50; n++) await make({}, user);
    await expect(make({}, user)).rejects.toThrow('at most 50');
  });
});

describe('the secret', () => {
  it('is made, shown once, and never again, not on the trail, not by a repetition', async () => {
    const body = { url: hooks.receiver.url, events: ['site.*'] };
    const headers = { 'idempotency-key': 'once' };
    const { body: first } = await t.http('POST', '/api/webhooks', { body, headers });
    const secret = String(first.signing_secret);
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    const again = await t.http('POST', '/api/webhooks', { body, headers });
    expect([again.body.id, again.body.signing_secret]).toEqual([first.id, undefined]);
    await t.make('sites');
    await pass();
    const [got] = hooks.receiver.got;
    expect(got && rightSignatures(got, secret)).toBe(1);
    const shown = [
      (await t.http('GET', `/api/webhooks/${first.id}`)).text,
      (await t.http('GET', '/api/webhooks')).text,
      JSON.stringify(await t.sql('SELECT * FROM journal')),
      JSON.stringify(await t.sql('SELECT * FROM webhook_secrets')),
      JSON.stringify(t.logs),
    ];
    for (const text of shown) expect(text).not.toContain(secret.slice(6));
  });

  it('of before signs beside the new one for the hours that were asked for', async () => {
    const { id, ...view } = await make();
    expect(view.signing_secret).toBeUndefined();
    const second = await act(id, 'rotate-secret');
    const fresh = String(second.body.signing_secret);
    const ends = Date.parse(String(second.body.former_ends_at)) - Date.now();
    expect(Math.round(ends / 3_600_000)).toBe(24);
    await t.make('sites');
    await pass();
    const [both] = hooks.receiver.got;
    expect(String(both?.headers['opskeep-signature']).split(',')).toHaveLength(3);
    for (const one of [SECRET, fresh]) expect(both && rightSignatures(both, one)).toBe(1);
    const third = 'CANARY of the third secret, as long';
    expect((await act(id, 'rotate-secret', { secret: third, overlap_hours: 0 })).status).toBe(200);
    await t.make('sites');
    await pass();
    const last = hooks.receiver.got.at(-1);
    expect(String(last?.headers['opskeep-signature']).split(',')).toHaveLength(2);
    expect(last && [SECRET, fresh, third].map(one => rightSignatures(last, one))).toEqual([0, 0, 1]);
    expect(await t.sql('SELECT id FROM webhook_secrets')).toHaveLength(2);
  });

  it('has 24 characters at least, and is changed by its own route alone', async () => {
    const body = { url: hooks.receiver.url, events: ['*'], secret: 'CANARY too short' };
    expect((await t.http('POST', '/api/webhooks', { body })).status).toBe(422);
    const { id } = await make();
    expect((await patch(id, { secret: SECRET })).body.details.errors[0]?.field).toBe('secret');
    expect((await act(id, 'rotate-secret', { overlap_hours: 169 })).status).toBe(422);
  });

  it('that does not open makes a delivery fail, which says so', async () => {
    const { id } = await make();
    await t.change("UPDATE webhook_secrets SET sealed = REPLACE(sealed, 'v3.', 'v4.')");
    await t.make('sites');
    await pass();
    expect((await deliveries(id))[0]).toMatchObject({
      status: 'pending',
      failure: 'its secret does not open',
    });
    expect(hooks.receiver.got).toEqual([]);
  });
});
