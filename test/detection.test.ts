import { randomUUID } from 'node:crypto';
import { RefusalWatch } from '../src/vault/incidents/watches/refusal-watch.js';
import { RevealWatch } from '../src/vault/incidents/watches/reveal-watch.js';
import { type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { MASS_REVEAL_LIMIT: '3', REFUSED_REVEAL_LIMIT: '6' } });
});
afterAll(() => t.close());

const credential = async () => (await t.make('credentials', { password: 'CANARY-detection' })).id;

/** Incidents are opened after the answer: waits for one whose title holds the words. */
async function incidentOf(words: string): Promise<Body | undefined> {
  for (let tries = 0; tries < 50; tries++) {
    const { body } = await t.http('GET', '/api/security-incidents', { query: { q: words } });
    if (body.items.length > 0) return body.items[0] as Body;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return undefined;
}

test('many different secrets revealed in a short time are an incident, the same one often is not', async () => {
  const user = await t.user();
  const ids = [await credential(), await credential(), await credential()];
  for (const id of ids)
    await t.make('credential-permissions', { credential_id: id, user_id: user.id, level: 'reveal' });
  const [first = ''] = ids;
  for (let times = 0; times < 5; times++)
    await t.http('GET', `/api/credentials/${first}`, { token: user.token });
  const quiet = await t.http('GET', '/api/security-incidents', { query: { q: user.email } });
  expect(quiet.body.items).toEqual([]);
  await t.http('POST', '/api/credentials/reveal', {
    token: user.token,
    body: { ids, reason: 'all of them' },
  });
  const incident = await incidentOf(user.email);
  expect(incident).toMatchObject({ incident_type: 'unauthorized_access', severity: 'high' });
  const linked = await t.http('GET', `/api/security-incidents/${String(incident?.id)}/credentials`);
  expect(new Set(linked.body.items.map(one => one.credential_id))).toEqual(new Set(ids));
});

test('what is revealed after the incident was opened is added to it, all of it', async () => {
  const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const one = { credential_type: 'password', password: 'CANARY-many' };
  const items = Array.from({ length: 160 }, (_, n) => ({ ...one, service_name: `Service ${n}` }));
  const made = await t.http('POST', '/api/credentials/bulk', { token: user.token, body: { items } });
  const ids = made.body.results.map(({ id }) => String(id));
  const reveal = (some: string[]) =>
    t.http('POST', '/api/credentials/reveal', {
      token: user.token,
      body: { ids: some, reason: 'all of them' },
    });
  await reveal(ids.slice(0, 3));
  const incident = await incidentOf(user.email);
  const path = `/api/security-incidents/${String(incident?.id)}`;
  const closing = { token: user.token, body: { status: 'contained' } };
  expect((await t.http('PATCH', path, closing)).status).toBe(403);
  for (let from = 3; from < 103; from += 50) await reveal(ids.slice(from, from + 50));
  for (const id of ids.slice(103, 110)) await t.http('GET', `/api/credentials/${id}`, { token: user.token });
  await reveal(ids.slice(110));
  await reveal(ids.slice(0, 5));
  await new Promise(resolve => setImmediate(resolve));
  await t.app.get(RevealWatch).flush();
  const linked = await t.http('GET', `${path}/credentials`, { query: { limit: '1000' } });
  expect(new Set(linked.body.items.map(link => link.credential_id))).toEqual(new Set(ids));
  const timeline = await t.http('GET', `${path}/timeline`);
  expect(timeline.body.items.map(entry => entry.text)).toEqual([
    `${user.email} revealed 3 different credentials within a short time`,
    `${user.email} revealed 157 more credentials, 160 within a short time`,
  ]);
});

test('a stored secret that does not open is an incident', async () => {
  const id = await credential();
  await t.change(
    "UPDATE credential_secrets SET sealed = REPLACE(sealed, 'v3.', 'v2.') WHERE credential_id = ?",
    [id],
  );
  expect((await t.http('GET', `/api/credentials/${id}`)).status).toBe(500);
  const incident = await incidentOf('does not open');
  const linked = await t.http('GET', `/api/security-incidents/${String(incident?.id)}/credentials`);
  expect(linked.body.items).toMatchObject([{ credential_id: id }]);
});

describe('refused reveals', () => {
  const entriesOf = (actor_id: string) =>
    t.sql<Body>("SELECT * FROM journal WHERE actor_id = ? AND outcome = 'refused' ORDER BY n", [actor_id]);

  test('inside a bulk are entries, each with its credential and why', async () => {
    const user = await t.user({ scopes: ['msp:read'] });
    const [seen, unseen] = [await credential(), await credential()];
    await t.make('credential-permissions', { credential_id: seen, user_id: user.id, level: 'view' });
    const nowhere = randomUUID();
    const asks = (await t.make('credentials', { reveal_policy: 'otp' })).id;
    await t.make('credential-permissions', { credential_id: asks, user_id: user.id, level: 'reveal' });
    const answer = await t.http('POST', '/api/credentials/reveal', {
      token: user.token,
      body: { ids: [seen, unseen, nowhere, asks], reason: 'to look around' },
      headers: { 'x-opskeep-otp': '000000' },
    });
    expect(answer.body.results).toMatchObject([
      { status: 403 },
      { status: 404 },
      { status: 404 },
      { status: 403 },
    ]);
    const entries = (await entriesOf(user.id)).filter(one => one.action === 'credential.reveal');
    expect(entries.map(one => [one.resource_id, (JSON.parse(String(one.details)) as Body).status])).toEqual(
      expect.arrayContaining([
        [seen, 403],
        [unseen, 404],
        [nowhere, 404],
        [asks, 403],
      ]),
    );
    expect(entries).toHaveLength(4);
    // The wrong code is an entry of its own.
    expect((await entriesOf(user.id)).some(one => one.action === 'auth.step_up')).toBe(true);
  });

  test('in a series open an incident with the entries, which names no credential', async () => {
    const user = await t.user({ scopes: ['msp:read'] });
    const ids = [await credential(), await credential(), await credential()];
    const names = await t.sql('SELECT service_name FROM credentials WHERE id = ?', [ids[0] ?? '']);
    for (let n = 0; n < 2; n++)
      for (const id of ids) await t.http('GET', `/api/credentials/${id}`, { token: user.token });
    const incident = await incidentOf(user.email);
    expect(incident).toMatchObject({ incident_type: 'unauthorized_access', severity: 'medium' });
    const path = `/api/security-incidents/${String(incident?.id)}`;
    const timeline = await t.http('GET', `${path}/timeline`);
    expect(timeline.body.items).toMatchObject([{ kind: 'detection' }]);
    const entries = (await entriesOf(user.id)).map(one => String(one.id));
    expect(timeline.body.items[0]?.journal_ids).toEqual(expect.arrayContaining(entries));
    const linked = await t.http('GET', `${path}/credentials`);
    expect(new Set(linked.body.items.map(one => one.credential_id))).toEqual(new Set(ids));
    expect(JSON.stringify([incident, timeline.body])).not.toContain(String(names[0]?.service_name));
  });

  test('after the incident was opened are added to it', async () => {
    const user = await t.user({ scopes: ['msp:read'] });
    const ids = [await credential(), await credential()];
    const get = (id: string) => t.http('GET', `/api/credentials/${id}`, { token: user.token });
    for (let n = 0; n < 6; n++) await get(ids[0] ?? '');
    const incident = await incidentOf(user.email);
    for (let n = 0; n < 4; n++) await get(ids[1] ?? '');
    await new Promise(resolve => setImmediate(resolve));
    await t.app.get(RefusalWatch).flush();
    const path = `/api/security-incidents/${String(incident?.id)}`;
    const linked = await t.http('GET', `${path}/credentials`);
    expect(linked.body.items.map(link => link.credential_id)).toEqual(ids);
    const [, later] = (await t.http('GET', `${path}/timeline`)).body.items;
    expect(later?.text).toContain('refused 4 more times when reading credentials, 10 within a short time');
    const entries = (await entriesOf(user.id)).filter(entry => entry.resource_id === ids[1]);
    expect(later?.journal_ids).toEqual(entries.map(entry => entry.id));
  });

  test('for want of a header are none: the next request brings it', async () => {
    const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const body = {
      credential_type: 'password',
      service_name: 'x',
      password: 'CANARY-x',
      reveal_policy: 'reason',
    };
    const { id } = (await t.http('POST', '/api/credentials', { token: user.token, body })).body;
    for (let n = 0; n < 10; n++)
      expect((await t.http('GET', `/api/credentials/${id}`, { token: user.token })).status).toBe(403);
    await new Promise(resolve => setTimeout(resolve, 300));
    const found = await t.http('GET', '/api/security-incidents', { query: { q: user.email } });
    expect(found.body.items).toEqual([]);
  });
});
