import { Reminders } from '../src/operations/expirations/reminders/reminders.service.js';
import { startApp, type Body, type TestApp } from './app.js';
import { hookBed } from './harness/webhooks.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { REMINDER_DAYS: '7, 30,1,30', WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' } });
});
afterAll(() => t.close());

const HOUR = 3_600_000;
const inDays = (days: number) => new Date(Date.now() + days * 24 * HOUR + HOUR).toISOString();
const round = () => t.app.get(Reminders).round();
const credential = (given: Body) =>
  t.make('credentials', { credential_type: 'password', password: 'CANARY x', ...given });
const moved = async (id: string, expires_at: string | null) =>
  expect((await t.http('PATCH', `/api/credentials/${id}`, { body: { expires_at } })).status).toBe(200);

/** The days of which was reminded, with those that were left, in the order of the trail. */
async function told(id: string): Promise<unknown[]> {
  const query = { action: 'expiration.reminder', resource_id: id, limit: '1000' };
  const { status, body } = await t.http('GET', '/api/api-audit-log', { query });
  expect(status).toBe(200);
  return (body.items as unknown as { details: Body }[])
    .map(one => [one.details.days, one.details.days_left])
    .reverse();
}

describe('reminders', () => {
  it('are given once for each day, of the nearest that went by', async () => {
    const { id } = await credential({ expires_at: inDays(40) });
    await round();
    expect(await told(id)).toEqual([]);
    for (const days of [20, 20, 5]) {
      await moved(id, inDays(days));
      await round();
      await round();
    }
    expect(await told(id)).toEqual([[30, 20], [30, 20], [7, 5]]); // prettier-ignore
    // As it comes nearer, which the clock cannot do here: the same date, one day before.
    await t.change('UPDATE expiration_reminders SET days = 30 WHERE row_key = ? AND days = 7', [id]);
    await round();
    expect(await told(id)).toHaveLength(4);
  });

  it('say of what ended while nobody looked that it did, and nothing of long ago', async () => {
    const [lately, long] = [
      await credential({ expires_at: inDays(-3) }),
      await credential({ expires_at: inDays(-40) }),
    ];
    await round();
    await round();
    expect([await told(lately.id), await told(long.id)]).toEqual([[[1, -3]], []]);
  });

  it('tell nothing of tokens of a day, nor of what is not used', async () => {
    const token = async (days: number) =>
      (await t.http('POST', '/api/access-tokens', { body: { name: 'a', scopes: ['msp:read'], expires_at: inDays(days) } })).body.id; // prettier-ignore
    const [day, month] = [await token(1), await token(25)];
    const unused = await credential({ expires_at: inDays(2), is_active: false });
    await round();
    expect([await told(day), await told(month), await told(unused.id)]).toEqual([[], [[30, 25]], []]);
  });

  it('are given once where several processes look at once, some at a time', async () => {
    await round();
    const client_id = (await t.make('clients')).id;
    const warranty_expires_on = inDays(3).slice(0, 10);
    const items = await Promise.all(
      Array.from({ length: 450 }, () => t.body('infrastructure', { client_id, warranty_expires_on })),
    );
    expect((await t.http('POST', '/api/infrastructure/bulk', { body: { items } })).status).toBe(200);
    const given = await Promise.all([round(), round(), round()]);
    for (let more = 1; more > 0;) given.push((more = await round()));
    expect(given.reduce((sum, one) => sum + one, 0)).toBe(450);
    const [row] = await t.sql<{ entries: number; assets: number }>(
      "SELECT COUNT(*) AS entries, COUNT(DISTINCT resource_id) AS assets FROM journal WHERE action = 'expiration.reminder' AND client_id = ?",
      [client_id],
    );
    expect([Number(row?.entries), Number(row?.assets)]).toEqual([450, 450]);
    // No unit has given more than a hundred: who writes beside it waits for one of them at most.
    const parts = await t.sql('SELECT COUNT(*) AS n FROM expiration_reminders GROUP BY round_id');
    expect(Math.max(...parts.map(one => Number(one.n)))).toBeLessThanOrEqual(100);
  });
});

describe('webhooks', () => {
  const bed = hookBed(() => t);
  beforeEach(bed.begin);
  afterEach(bed.end);

  it('are told of what their users see, and the feed of changes is not', async () => {
    await round();
    const [seen, hidden] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const user = await t.user({ client_access: 'only', client_ids: [seen] });
    await bed.make({ events: ['expiration.reminder'] }, user);
    const domains = [];
    for (const client_id of [seen, hidden])
      domains.push(await t.make('domains', { client_id, expires_on: inDays(12).slice(0, 10) }));
    await round();
    await bed.pass();
    expect(bed.receiver.got.map(one => one.json)).toEqual([
      {
        id: expect.any(String),
        event: 'expiration.reminder',
        seq: expect.any(Number),
        at: expect.any(String),
        resource: 'domains',
        row_id: domains[0]?.id,
        kind: 'reminder',
        version: null,
        client_id: seen,
        changes: {},
        is_complete: true,
        expiration: { kind: 'domain', at: `${inDays(12).slice(0, 10)}T00:00:00.000Z`, days: 30, days_left: expect.any(Number), name: domains[0]?.name }, // prettier-ignore
      },
    ]);
    const { body } = await t.http('GET', '/api/changes', {
      query: { after: '0', limit: '1000', resources: 'domains' },
    });
    expect(body.items.map(one => one.kind)).toEqual(['created', 'created']);
  });

  it('name reminders alone, all, or everything', async () => {
    const hooks = [];
    for (const events of [
      ['expiration.*'],
      ['*'],
      ['domain.*', '*.updated'],
      ['domain.created', 'expiration.reminder'],
    ])
      hooks.push((await bed.make({ events })).id);
    const { id } = await t.make('domains', { expires_on: inDays(1).slice(0, 10) });
    await round();
    await bed.pass();
    const events = await Promise.all(
      hooks.map(async hook =>
        (await bed.deliveries(hook))
          .filter(one => one.row_id === id)
          .map(one => one.event)
          .reverse(),
      ),
    );
    const [made, soon] = ['domain.created', 'expiration.reminder'];
    expect(events).toEqual([[soon], [made, soon], [made], [made, soon]]);
    for (const wrong of ['expiration.created', 'expiration', '*.reminder', 'domain.reminder'])
      expect(
        (await t.http('POST', '/api/webhooks', { body: { url: bed.receiver.url, events: [wrong] } })).status,
      ).toBe(422);
  });
});
