import { startApp, type Body, type Shown, type TestApp, type TestUser } from './app.js';

let t: TestApp;
beforeAll(async () => void (t = await startApp()));
afterAll(() => t.close());

const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY + 3_600_000).toISOString();
const list = (query = '', user: TestUser = t.admin) =>
  t.http('GET', `/api/expirations?limit=500&${query}`, { token: user.token });
const of = (items: Shown[], ...ids: string[]) =>
  items.filter(one => ids.includes(one.id)).map(({ kind, days_left }) => [kind, days_left]);

async function credential(given: Body): Promise<string> {
  return (await t.make('credentials', { credential_type: 'password', password: 'CANARY x', ...given })).id;
}

describe('what ends', () => {
  it('is one list over all kinds, the most pressing first', async () => {
    const client_id = await t.client();
    const soon = await credential({ client_id, name: 'soon', expires_at: inDays(3) });
    const over = await credential({ client_id, expires_at: inDays(-2) });
    const later = await credential({ client_id, expires_at: inDays(200) });
    const rotated = await credential({ client_id, rotate_every_days: 5 });
    const unused = await credential({ client_id, expires_at: inDays(1), is_active: false });
    const host = await t.make('infrastructure', { client_id, warranty_expires_on: inDays(10).slice(0, 10) });
    const domain = await t.make('domains', { client_id, expires_on: inDays(12).slice(0, 10) });
    const today = await t.make('domains', { client_id, expires_on: new Date().toISOString().slice(0, 10) });
    const user = await t.user({ scopes: ['msp:read'] });
    const grant = await t.make('credential-permissions', {
      client_id,
      credential_id: null,
      user_id: user.id,
      level: 'reveal',
      expires_at: inDays(7),
    });
    const token = await t.http('POST', '/api/access-tokens', {
      body: { name: 'sync', scopes: ['msp:read'], expires_at: inDays(20) },
    });
    expect(token.status).toBe(201);
    const { status, body } = await list();
    expect(status).toBe(200);
    const items = body.items as Shown[];
    const days = items.map(one => Date.parse(one.at as string));
    expect(days).toEqual(days.toSorted((a, b) => a - b));
    expect(of(items, over, soon, rotated, later, unused, grant.id, token.body.id)).toEqual([
      ['credential', -2],
      ['credential', 3],
      ['rotation', 4],
      ['grant', 7],
      ['access_token', 20],
    ]);
    expect(items.find(one => one.id === host.id)).toMatchObject({
      kind: 'warranty',
      resource: 'infrastructure',
      client_id,
      name: host.hostname,
    });
    expect(items.find(one => one.id === domain.id)).toMatchObject({
      kind: 'domain',
      resource: 'domains',
      client_id,
      name: domain.name,
    });
    const left = (id: string) => Number(items.find(one => one.id === id)?.days_left);
    const midnight = (at: unknown) => Date.parse(String(at).slice(0, 10));
    // Days of the calendar, whatever the hour; a midnight may have passed meanwhile.
    for (const { id, at } of items.filter(one => [host.id, domain.id, today.id].includes(one.id)))
      expect(
        [0, -1].map(later => (midnight(at) - midnight(new Date().toISOString())) / DAY - later),
      ).toContain(left(id));
    expect(items.find(one => one.id === soon)).toMatchObject({ resource: 'credentials', name: 'soon' });
    expect(of((await list('within_days=365')).body.items, later)).toEqual([['credential', 200]]);
    expect((await list('kinds=grant,warranty')).body.items.map(one => one.kind)).toEqual([
      'grant',
      'warranty',
    ]);
  });

  it('has the deadlines of incidents until somebody was notified', async () => {
    const incident = await t.make('security-incidents', { title: 'Mail read' });
    const made = await t.http('POST', `/api/security-incidents/${incident.id}/deadlines`, {
      body: { label: 'Insurer', due_at: inDays(2) },
    });
    expect(made.status).toBe(201);
    const found = () =>
      list('kinds=deadline').then(({ body }) => body.items.filter(one => one.id === incident.id));
    expect(await found()).toMatchObject([
      { resource: 'security-incidents', days_left: 2, name: 'Mail read: Insurer' },
    ]);
    const noted = await t.http(
      'PATCH',
      `/api/security-incidents/${incident.id}/deadlines/${made.body.items[0]?.id}`,
      {
        body: { notified_at: new Date().toISOString() },
      },
    );
    expect([noted.status, noted.body]).toEqual([200, expect.anything()]);
    expect(await found()).toEqual([]);
  });

  it('goes on behind a page', async () => {
    const whole = (await list('within_days=3650')).body.items.map(one => `${String(one.kind)} ${one.id}`);
    const parts: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await t.http('GET', `/api/expirations?within_days=3650&limit=2${cursor}`);
      parts.push(...body.items.map(one => `${String(one.kind)} ${one.id}`));
      if (body.next === null) break;
      cursor = `&cursor=${body.next as string}`;
    }
    expect(parts).toEqual(whole);
  });

  it('holds what the caller sees, and nothing else', async () => {
    const [mine, other] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const user = await t.user({ scopes: ['msp:read'], client_access: 'only', client_ids: [mine] });
    const host = await t.make('infrastructure', {
      client_id: mine,
      warranty_expires_on: inDays(1).slice(0, 10),
    });
    await t.make('infrastructure', {
      client_id: other,
      warranty_expires_on: inDays(1).slice(0, 10),
      hostname: 'hidden',
    });
    const hidden = await credential({ client_id: mine, expires_at: inDays(1) });
    const items = (await list('', user)).body.items;
    expect(items.map(one => one.id)).toEqual([host.id]);
    expect(JSON.stringify(items)).not.toContain(hidden);
    expect((await list(`client_id=${other}`, user)).body.items).toEqual([]);
  });

  it.each([
    'within_days=-1',
    'within_days=4000',
    'kinds=bridge',
    'client_id=x',
    'limit=0',
    'cursor=x',
    'skip=1',
  ])('refuses ?%s', async query => {
    expect((await t.http('GET', `/api/expirations?${query}`)).status).toBe(422);
  });
});
