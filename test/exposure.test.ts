import type { CredentialHealthPage } from '../src/vault/health/health.answers.js';
import { reasonClauses } from '../src/vault/health/reasons.js';
import { type Body, startApp, type TestApp, type TestUser } from './app.js';

let t: TestApp;
let client_id: string;
let ada: TestUser;
beforeAll(async () => {
  t = await startApp({ settings: { MASS_REVEAL_LIMIT: '0' } });
  client_id = (await t.make('clients', { name: 'Grove Legal' })).id;
  ada = await t.user({ email: 'ada@canary.test' });
});
afterAll(() => t.close());

const credential = (given: Body = {}) =>
  t.make('credentials', { client_id, service_name: 'Portal', password: `CANARY ${Math.random()}`, ...given });
const reveal = (id: string, user: TestUser) =>
  t.http('POST', `/api/credentials/${id}/reveal`, { token: user.token, body: { reason: 'a ticket' } });
const rotate = (id: string) => t.http('POST', `/api/credentials/${id}/rotate`, { body: {} });
const grant = (credential_id: string, user: TestUser, level = 'reveal') =>
  t.make('credential-permissions', { credential_id, user_id: user.id, level });
/** The journal refuses changes, and so does the clock: what is older is made older where it is. */
const age = (id: string, days: number) =>
  t.change('UPDATE credentials SET created_at = ?, last_rotated_at = ? WHERE id = ?', [
    ...Array.from({ length: 2 }, () => new Date(Date.now() - days * 86_400_000).toISOString().replace('T', ' ').slice(0, 23)),
    id,
  ]); // prettier-ignore

const exposure = async (path: string, query = '') =>
  (await t.http('GET', `/api/${path}/exposure${query}`)).body as { items: Body[]; total: number };

describe('exposure', () => {
  test('tells who has revealed or written what, and whether it was rotated since', async () => {
    const [seen, rotated, code] = [await credential(), await credential(), await credential()];
    for (const { id } of [seen, rotated]) await grant(id, ada);
    expect((await reveal(seen.id, ada)).status).toBe(200);
    await reveal(seen.id, ada);
    await reveal(rotated.id, ada);
    await rotate(rotated.id);
    const { items, total } = await exposure(`users/${ada.id}`);
    expect(total).toBe(2);
    const of = (id: string) => items.find(one => one.credential_id === id);
    expect(of(seen.id)).toMatchObject({ user_name: expect.any(String), is_active: true, times: 2, rotated_since: false, wrote_at: null }); // prettier-ignore
    expect(of(rotated.id)).toMatchObject({ times: 1, rotated_since: true });
    expect(of(code.id)).toBeUndefined();
    const open = await exposure(`users/${ada.id}`, '?rotated_since=false');
    expect(open.items.map(one => one.credential_id)).toEqual([seen.id]);
    const client = await exposure(`clients/${client_id}`, '?rotated_since=false');
    const pairs = client.items.map(one => [one.credential_id, one.user_id, one.wrote_at !== null]);
    expect(pairs).toContainEqual([seen.id, ada.id, false]);
    expect(pairs).toContainEqual([seen.id, t.admin.id, true]);
    expect(JSON.stringify(client)).not.toContain('CANARY');
  });

  test('an older version and a one-time code expose nothing', async () => {
    const { id } = await credential({ totp_secret: 'JBSWY3DPEHPK3PXP' });
    const bob = await t.user();
    await grant(id, bob);
    await t.http('GET', `/api/credentials/${id}/otp`, { token: bob.token });
    await rotate(id);
    const version = await t.http('POST', `/api/credentials/${id}/versions/1/reveal`, { token: bob.token, body: { reason: 'what was it' } }); // prettier-ignore
    expect(version.status).toBe(200);
    expect((await exposure(`users/${bob.id}`)).items).toEqual([]);
    const present = await t.http('POST', `/api/credentials/${id}/versions/2/reveal`, { token: bob.token, body: { reason: 'what is it' } }); // prettier-ignore
    expect(present.status).toBe(200);
    expect((await exposure(`users/${bob.id}`)).items).toMatchObject([
      { credential_id: id, rotated_since: false },
    ]);
  });

  test('rotation is demanded of all that is known, once, until it happens', async () => {
    const leaver = await t.user({ email: 'leaver@canary.test' });
    const [one, two, other] = [await credential(), await credential(), await credential()];
    for (const { id } of [one, two]) {
      await grant(id, leaver);
      await reveal(id, leaver);
    }
    await rotate(two.id);
    const demand = (path = `users/${leaver.id}`, body: Body = { reason: 'Leaver leaves on Friday' }) =>
      t.http('POST', `/api/${path}/exposure/demand-rotation`, { body });
    expect((await demand(undefined, { reason: ' ' })).status).toBe(422);
    const token = await t.make('access-tokens', {
      scopes: ['msp:read', 'msp:admin'],
      resources: [],
      name: 'Narrow',
    });
    const path = `/api/users/${leaver.id}/exposure/demand-rotation`;
    const refused = await t.http('POST', path, {
      token: token.token as string,
      body: { reason: 'by a token' },
    });
    expect(refused.status).toBe(403);
    expect((await demand()).body).toEqual({ demanded: 1, demanded_before: 0, remaining: 0 });
    const again = await demand(undefined, { reason: 'something less pressing' });
    expect(again.body).toEqual({ demanded: 0, demanded_before: 1, remaining: 0 });
    const wanted = async (id: string) => (await t.http('GET', `/api/credentials/${id}?reveal=false`)).body;
    expect(await wanted(one.id)).toMatchObject({ needs_rotation: true, needs_rotation_reason: 'Leaver leaves on Friday' }); // prettier-ignore
    for (const { id } of [two, other]) expect((await wanted(id)).needs_rotation).toBe(false);
    const entries = await t.sql<{ details: string }>("SELECT details FROM journal WHERE resource_id = ? AND action = 'credential.update'", [one.id]); // prettier-ignore
    expect(entries.filter(entry => entry.details.includes(`user ${leaver.id}`))).toHaveLength(1);
    await rotate(one.id);
    expect((await wanted(one.id)).needs_rotation).toBe(false);
    expect((await demand()).body).toEqual({ demanded: 0, demanded_before: 0, remaining: 0 });
  });

  test('strangers who open it by a link are holders without a name, with time and address', async () => {
    const client = (await t.make('clients', { name: 'Linked' })).id;
    const { id } = await credential({ client_id: client });
    const body = { reason: 'for the site', views: 3, ends_with_rotation: false };
    const { url } = (await t.http('POST', `/api/credentials/${id}/share`, { body })).body;
    const redeem = () =>
      t.http('POST', '/api/shares/redeem', {
        token: null,
        body: { token: String(url).split('#')[1]?.split('.')[0] },
      });
    const strangers = async () =>
      (await exposure(`clients/${client}`)).items.filter(one => one.user_id === null);
    expect(await strangers()).toEqual([]);
    await redeem();
    expect((await redeem()).status).toBe(200);
    expect(await strangers()).toMatchObject([
      { credential_id: id, user_name: 'link of admin@localhost', address: '127.0.0.1', times: 2, rotated_since: false, is_active: false, last_seen_at: expect.any(String) as string },
    ]); // prettier-ignore
    const demand = await t.http('POST', `/api/clients/${client}/exposure/demand-rotation`, {
      body: { reason: 'who knows' },
    });
    expect(demand.body.demanded).toBe(1);
    await rotate(id);
    expect(await strangers()).toMatchObject([{ times: 2, rotated_since: true }]);
    expect((await exposure(`users/${t.admin.id}`)).items.every(one => one.user_id !== null)).toBe(true);
  });

  test('is for administrators, of the clients that they see, and of nobody unknown', async () => {
    const path = `/api/users/${ada.id}/exposure`;
    const reader = await t.user({ scopes: ['msp:read', 'msp:write'] });
    expect((await t.http('GET', path, { token: reader.token })).status).toBe(403);
    const other = (await t.make('clients', { name: 'Another' })).id;
    const narrow = await t.user({ client_access: 'only', client_ids: [other] });
    expect((await t.http('GET', `/api/clients/${client_id}/exposure`, { token: narrow.token })).status).toBe(
      404,
    );
    expect((await t.http('GET', path, { token: narrow.token })).body).toMatchObject({ items: [], total: 0 });
    const demand = await t.http('POST', `${path}/demand-rotation`, { token: narrow.token, body: { reason: 'all of it' } }); // prettier-ignore
    expect([demand.status, demand.body.demanded]).toEqual([200, 0]);
    const nobody = '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11';
    for (const kind of ['users', 'clients'])
      expect((await t.http('GET', `/api/${kind}/${nobody}/exposure`)).status).toBe(404);
    expect((await t.http('GET', `${path}?rotated_since=maybe`)).status).toBe(422);
  });

  test('who was deleted is still known by the trail', async () => {
    const gone = await t.user({ email: 'gone@canary.test' });
    const { id } = await credential();
    await grant(id, gone);
    await reveal(id, gone);
    expect((await t.http('DELETE', `/api/users/${gone.id}`)).status).toBe(204);
    expect((await exposure(`users/${gone.id}`)).items).toMatchObject([
      { credential_id: id, is_active: false, rotated_since: false, user_name: expect.any(String) },
    ]);
  });
});

describe('the health of the vault', () => {
  const health = async (query = '', token = t.admin.token) =>
    (await t.http('GET', `/api/credentials/health${query}`, { token }))
      .body as unknown as CredentialHealthPage;
  const reasonsOf = async (id: string) =>
    ((await health(`?client_id=${client_id}&limit=1000`)).items.find(one => one.credential_id === id)?.reasons ?? []) as string[]; // prettier-ignore

  test('each reason is told, and counted', async () => {
    const same = 'CANARY the same twice, long enough to be strong 7';
    const ids = {
      weak: (await credential({ password: 'password1' })).id,
      reused: (await credential({ service_name: 'One', password: same })).id,
      twin: (await credential({ service_name: 'Two', password: same })).id,
      expired: (await credential({ expires_at: '2026-01-01T00:00:00Z' })).id,
      old: (await credential()).id,
      due: (await credential({ rotate_every_days: 30 })).id,
      fine: (await credential()).id,
    };
    await age(ids.old, 400);
    await age(ids.due, 40);
    const leaver = await t.user();
    const seen = (await credential()).id;
    await grant(seen, leaver);
    await reveal(seen, leaver);
    expect(await reasonsOf(seen)).toEqual([]);
    await t.http('PATCH', `/api/users/${leaver.id}`, { body: { is_active: false } });
    expect(await reasonsOf(seen)).toEqual(['seen_by_leaver']);
    expect(await reasonsOf(ids.weak)).toContain('weak');
    for (const id of [ids.reused, ids.twin]) expect(await reasonsOf(id)).toEqual(['reused']);
    expect(await reasonsOf(ids.expired)).toContain('expired');
    expect(await reasonsOf(ids.old)).toEqual(['old', 'never_rotated']);
    expect(await reasonsOf(ids.due)).toEqual(['old']);
    expect(await reasonsOf(ids.fine)).toEqual([]);
    const reused = await health('?reason=reused');
    expect(reused.items.map(one => one.credential_id).sort()).toEqual([ids.reused, ids.twin].sort());
    expect([reused.total, reused.counts.reused]).toEqual([2, 2]);
    await rotate(seen);
    expect(await reasonsOf(seen)).toEqual([]);
    await rotate(ids.twin);
    expect(await reasonsOf(ids.reused)).toEqual([]);
  });

  test('no question looks through the whole trail for each credential', async () => {
    if (t.opened.database.dialect !== 'sqlite') return;
    const { seen_by_leaver, reused } = reasonClauses('sqlite', { sql: '1 = 1', values: [] });
    const planOf = async (clause: { sql: string }) =>
      (await t.sql<{ detail: string }>(`EXPLAIN QUERY PLAN SELECT id FROM credentials WHERE ${clause.sql}`)).map(one => one.detail); // prettier-ignore
    expect((await planOf(seen_by_leaver)).find(one => one.includes('journal'))).toMatch(
      /INDEX ix_journal_resource_id/,
    );
    expect((await planOf(reused)).join(' ')).not.toMatch(/CORRELATED LIST/);
  });

  test('nobody learns of a secret that they may not reveal', async () => {
    const password = 'CANARY a secret of two owners, long and strong 3';
    const mine = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const own = await credential({ password, service_name: 'Own' });
    const hidden = await credential({ password, service_name: 'Hidden' });
    const guarded = await credential({ password, service_name: 'Guarded', reveal_policy: 'reason' });
    await grant(own.id, mine);
    await grant(guarded.id, mine);
    await grant(hidden.id, mine, 'view');
    const seen = await health('', mine.token);
    expect([seen.checked, seen.total, seen.items]).toEqual([1, 0, []]);
    expect((await health('?reason=reused')).items.map(one => one.credential_id).sort()).toEqual(
      [own.id, hidden.id].sort(),
    );
  });

  test('the question is on the trail, and a wrong one is refused', async () => {
    await health('?reason=weak');
    const [entry] = await t.sql<{ details: string; actor_id: string }>("SELECT details, actor_id FROM journal WHERE action = 'credential.health' ORDER BY n DESC LIMIT 1"); // prettier-ignore
    expect(entry?.actor_id).toBe(t.admin.id);
    expect(JSON.parse(entry?.details ?? '')).toMatchObject({ reasons: ['weak'] });
    for (const query of ['?reason=ugly', '?client_id=1', '?limit=0', '?colour=red', '?cursor=abc'])
      expect((await t.http('GET', `/api/credentials/health${query}`)).status).toBe(422);
  });
});
