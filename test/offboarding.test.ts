import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentContext } from '../src/core/context/request-context.js';
import { KeyDestruction } from '../src/core/crypto/key-destruction.js';
import { Units } from '../src/core/database/units.js';
import { ADMIN_PASSWORD, type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';
import { enrol } from './harness/second-factor.js';
import { environmentBeside } from './harness/command.js';
import { call, logIn, type Server, startServer } from './harness/server.js';
import { openAge } from './harness/open-age.js';
import { query } from './harness/query.js';
import { restored } from './harness/restored.js';

jest.setTimeout(120_000);
let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { MASS_REVEAL_LIMIT: '0' } });
});
afterAll(() => t.close());

const PASSPHRASE = 'CANARY violet harbour lamp 88';
const secrets = new Set<string>();
const inKeystore = <T = Record<string, unknown>>(text: string, values: (string | number)[] = []) =>
  query<T>(t.opened.settings.KEYSTORE_DATABASE_URL.reveal(), text, values);

async function credential(client_id: string, given: Body = {}): Promise<Shown> {
  const password = `CANARY ${randomUUID()}`;
  secrets.add(password);
  return t.make('credentials', { client_id, service_name: 'Portal', password, ...given });
}

let count = 0;
async function leaving(): Promise<{ id: string; name: string }> {
  const name = `Leaving ${++count}`;
  const { id } = await t.make('clients', { name });
  return { id, name };
}

const offboard = (id: string, body: Body, { token, headers = {} }: { token?: string; headers?: Record<string, string> } = {}) =>
  t.http('POST', `/api/clients/${id}/offboard`, { token, headers, body: { reason: 'The contract ended', password: ADMIN_PASSWORD, ...body } }); // prettier-ignore
const without = (one: { id: string; name: string }) =>
  offboard(one.id, { confirm: one.name, without_export: true });

async function exported(
  id: string,
  body: Body = {},
): Promise<{ status: number; file: Buffer; sha256: string }> {
  const answer = await t.app.inject({
    method: 'POST',
    url: `/api/clients/${id}/export-secrets`,
    headers: { authorization: `Bearer ${t.admin.token}`, 'content-type': 'application/json' },
    payload: JSON.stringify({
      reason: 'The next provider',
      passphrase: PASSPHRASE,
      password: ADMIN_PASSWORD,
      ...body,
    }),
  });
  const file = answer.rawPayload;
  return { status: answer.statusCode, file, sha256: createHash('sha256').update(file).digest('hex') };
}

const entries = (client_id: string, action: string) =>
  t.sql<{ details: string; outcome: string }>('SELECT details, outcome FROM journal WHERE resource_id = ? AND action = ? ORDER BY n', [client_id, action]); // prettier-ignore
const steps = async (id: string) =>
  (await entries(id, 'client.offboard'))
    .filter(one => one.outcome === 'ok')
    .map(one => (JSON.parse(one.details) as { step: string }).step);

const holdsSecret = (text: string) => [...secrets].some(one => text.includes(one));

/** Every way to a secret that the API has; none may answer with one. */
async function expectClosed(id: string, user?: TestUser): Promise<void> {
  const token = user?.token;
  const at = `/api/credentials/${id}`;
  const body = { reason: 'a ticket' };
  const ways: [string, string, Body?][] = [
    ['GET', at],
    ['POST', `${at}/reveal`, body],
    ['POST', '/api/credentials/reveal', { ids: [id], ...body }],
    ['POST', `${at}/versions/1/reveal`, body],
    ['GET', `${at}/otp`],
    ['GET', `/creds/${id}`],
    ['GET', `/credentials/${id}`],
    ['POST', `${at}/share`, body],
    ['POST', `${at}/rotate`, { value: 'CANARY new value 1' }],
    ['PATCH', at, { password: 'CANARY new value 2' }],
    ['PATCH', at, { client_id: null, visibility: 'pool' }],
    ['POST', `${at}/break-glass`, { reason: 'nobody answers the telephone', password: ADMIN_PASSWORD }],
  ];
  for (const [method, path, sent] of ways) {
    const answer = await t.http(method, path, { token, body: sent });
    expect([method, path, holdsSecret(answer.text)]).toEqual([method, path, false]);
    expect([method, path, answer.status < 500]).toEqual([method, path, true]);
    if (
      ['/share', '/rotate', '/reveal', '/otp'].some(end => path.endsWith(end)) &&
      path !== '/api/credentials/reveal'
    )
      expect([path, answer.status]).not.toEqual([path, 200]);
    if (method === 'PATCH' || path.endsWith('/rotate')) expect([path, answer.status]).toEqual([path, 409]);
  }
}

test('a client leaves: with an export, nothing of it opens afterwards, and what is no secret stays', async () => {
  const client = await leaving();
  const other = await leaving();
  const kept = await credential(other.id);
  const one = await credential(client.id, { totp_secret: 'JBSWY3DPEHPK3PXP', notes: 'behind the rack' });
  const two = await credential(client.id, { service_name: 'Mail' });
  const key = randomUUID();
  const headers = { 'idempotency-key': key };
  const body = { value: `CANARY ${randomUUID()}` };
  secrets.add(body.value);
  expect((await t.http('POST', `/api/credentials/${two.id}/rotate`, { body, headers })).status).toBe(200);
  const ada = await t.user();
  await t.make('credential-permissions', { client_id: client.id, user_id: ada.id, level: 'reveal' });
  await t.http('POST', `/api/credentials/${one.id}/reveal`, {
    token: ada.token,
    body: { reason: 'a ticket' },
  });
  const shared = await t.http('POST', `/api/credentials/${one.id}/share`, { body: { reason: 'for the site', views: 5 } }); // prettier-ignore
  const [token] = String(shared.body.url).split('#')[1]!.split('.');
  const time = await t.make('billable-time', { client_id: client.id });
  const rows = await restored.take(t, client.id);
  const wrapped = await inKeystore<{ wrapped: string }>('SELECT wrapped FROM data_keys WHERE owner_id = ?', [client.id]); // prettier-ignore
  expect(wrapped.every(row => row.wrapped.length > 60)).toBe(true);

  const { file, sha256, status } = await exported(client.id);
  expect(status).toBe(200);
  expect(holdsSecret(file.toString('latin1'))).toBe(false);
  const lines = openAge(file, PASSPHRASE).toString().trim().split('\n').map(line => JSON.parse(line) as Body); // prettier-ignore
  expect(lines[0]).toMatchObject({ opskeep_export: 1, client: { id: client.id, name: client.name } });
  expect(lines.slice(1)).toMatchObject([
    {
      id: one.id,
      notes: 'behind the rack',
      left_out: ['totp_secret'],
      secrets: { password: expect.any(String) },
    },
    { id: two.id, service_name: 'Mail', left_out: [], secrets: { password: body.value } },
  ]);
  expect(openAge(file, PASSPHRASE).toString()).not.toContain('JBSWY3DPEHPK3PXP');
  const told = (await entries(client.id, 'client.export')).map(row => JSON.parse(row.details) as Body);
  expect(told).toMatchObject([{ step: 'begin' }, { step: 'end', sha256, credentials: 2 }]);

  const answer = await offboard(client.id, { confirm: client.name, export_sha256: sha256 });
  expect([answer.status, answer.body]).toMatchObject([
    200,
    {
      client_name: client.name,
      export_sha256: sha256,
      keys_destroyed: 1,
      credentials: 2,
      secrets: 4,
      links: 1,
      finished_at: expect.any(String) as string,
      keys_destroyed_at: expect.any(String) as string,
      beyond_reach: expect.arrayContaining([expect.stringContaining('Backups')]) as unknown,
    },
  ]);
  const people = answer.body.people as { user_id: string; credentials: number; known: number }[];
  expect(people).toContainEqual(expect.objectContaining({ user_id: ada.id, credentials: 1, known: 1 }));
  expect(people).toContainEqual(expect.objectContaining({ user_id: t.admin.id, credentials: 2, known: 2 }));
  expect(await steps(client.id)).toEqual(['begin', 'destroy_keys', 'end']);
  for (const { id } of [one, two]) expect(await entries(id, 'credential.offboard')).toHaveLength(1);
  const exposure = await t.http('GET', `/api/clients/${client.id}/exposure`);
  expect(exposure.body.items.map(row => [row.credential_id, row.user_id])).toContainEqual([one.id, ada.id]);

  for (const { id } of [one, two]) for (const user of [undefined, ada]) await expectClosed(id, user);
  const redeemed = await t.http('POST', '/api/shares/redeem', { token: null, body: { token } });
  expect(redeemed.status).toBe(404);
  const replayed = await t.http('POST', `/api/credentials/${two.id}/rotate`, { body, headers });
  expect([replayed.headers['idempotency-replayed'], holdsSecret(replayed.text)]).toEqual(['true', false]);
  const made = await t.http('POST', '/api/credentials', {
    body: {
      credential_type: 'password',
      client_id: client.id,
      service_name: 'New',
      password: 'CANARY of nobody 71',
    },
  });
  expect(made.status).toBe(409);
  expect((await exported(client.id)).status).toBe(409);
  expect(await t.sql('SELECT id FROM credential_secrets WHERE credential_id IN (?, ?) AND (sealed IS NOT NULL OR fingerprint IS NOT NULL)', [one.id, two.id])).toEqual([]); // prettier-ignore

  // What a backup of the main database brings back opens neither here, nor by whoever takes the mark away.
  await restored.put(t, rows);
  for (const { id } of [one, two]) await expectClosed(id);
  await t.change('UPDATE clients SET offboarded_at = NULL, keys_destroyed_at = NULL WHERE id = ?', [
    client.id,
  ]);
  const forged = await t.http('GET', `/api/credentials/${one.id}`);
  expect([forged.status, holdsSecret(forged.text)]).toEqual([500, false]);

  // What is no secret, and what is another one's, is as it was.
  expect((await t.http('GET', `/api/billable-time/${time.id}`)).status).toBe(200);
  expect((await t.http('GET', `/api/credentials/${kept.id}`)).body.password).toContain('CANARY');
  expect(await inKeystore('SELECT state, wrapped FROM data_keys WHERE owner_id = ?', [client.id])).toEqual([
    { state: 'destroyed', wrapped: '' },
  ]);
  const keystore = t.opened.settings.KEYSTORE_DATABASE_URL.reveal();
  if (keystore.startsWith('sqlite:'))
    for (const end of ['', '-wal'])
      for (const row of wrapped)
        expect(readFileSync(`${keystore.slice('sqlite:'.length)}${end}`).includes(row.wrapped)).toBe(false);
});

describe('before anything happens', () => {
  test('it asks for an administrator in person, the name, a proof, and what becomes of the secrets', async () => {
    const client = await leaving();
    const { id } = await credential(client.id);
    const sure = { confirm: client.name, without_export: true };
    const plain = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const fenced = await t.user({ client_access: 'only', client_ids: [(await leaving()).id] });
    const token = await t.make('access-tokens', { scopes: ['msp:admin'], resources: [], name: 'All' });
    const admin = await t.user();
    const factor = await enrol(t, admin);
    const asked: [Body, { token?: string; headers?: Record<string, string> }, number][] = [
      [sure, { token: plain.token }, 403],
      [sure, { token: fenced.token }, 404],
      [sure, { token: String(token.token) }, 403],
      [{ ...sure, password: 'CANARY wrong' }, {}, 403],
      [{ ...sure, password: undefined }, {}, 403],
      [{ ...sure, password: undefined, otp: factor.wrong() }, { token: admin.token }, 403],
      [{ ...sure, confirm: client.name.toLowerCase() }, {}, 422],
      [{ ...sure, confirm: `${client.name} Ltd` }, {}, 422],
      [{ ...sure, confirm: undefined }, {}, 422],
      [{ ...sure, reason: ' ' }, {}, 422],
      [{ ...sure, without_export: false }, {}, 422],
      [{ confirm: client.name }, {}, 422],
      [{ ...sure, export_sha256: 'a'.repeat(64) }, {}, 422],
      [{ confirm: client.name, export_sha256: 'a'.repeat(64) }, {}, 409],
      [{ confirm: client.name, export_sha256: 'nonsense' }, {}, 422],
    ];
    for (const [body, as, status] of asked)
      expect([body, (await offboard(client.id, body, as)).status]).toEqual([body, status]);
    const bare = await offboard(client.id, { ...sure, password: undefined });
    expect(bare.body.error).toMatch(/needs your present password .*: give your password \(password\)$/);
    expect((await t.http('GET', `/api/clients/${client.id}/offboarding`)).status).toBe(404);
    expect((await offboard(randomUUID(), sure)).status).toBe(404);
    expect((await t.http('GET', `/api/credentials/${id}`)).body.password).toContain('CANARY');
    const refused = (await entries(client.id, 'client.offboard')).filter(one => one.outcome === 'refused');
    expect(refused.length).toBeGreaterThan(0);
    const headers = { 'x-opskeep-otp': await factor.code() };
    const done = await offboard(client.id, { ...sure, password: undefined }, { token: admin.token, headers });
    expect(done.status).toBe(200);
  });

  test('an export that is not of now, not whole, or of another client is none', async () => {
    const [client, other] = [await leaving(), await leaving()];
    const { id } = await credential(client.id);
    await credential(other.id);
    const old = await exported(client.id);
    const elsewhere = await exported(other.id);
    await t.http('POST', `/api/credentials/${id}/rotate`, { body: {} });
    for (const { sha256 } of [old, elsewhere])
      expect((await offboard(client.id, { confirm: client.name, export_sha256: sha256 })).status).toBe(409);
    expect((await t.http('GET', `/api/clients/${client.id}/offboarding`)).status).toBe(404);
    const { sha256 } = await exported(client.id);
    expect((await offboard(client.id, { confirm: client.name, export_sha256: sha256 })).status).toBe(200);
  });

  test('an export holds each policy, and refuses as a whole', async () => {
    const client = await leaving();
    await credential(client.id);
    const { id } = await credential(client.id, { reveal_policy: 'otp' });
    for (const [body, status] of [
      [{}, 403],
      [{ passphrase: 'aaaaaaaaaaaaaaa' }, 422],
      [{ passphrase: 'short' }, 422],
      [{ password: 'CANARY wrong' }, 403],
      [{ reason: '' }, 422],
    ] as const) {
      const answer = await exported(client.id, body);
      expect([body, answer.status, holdsSecret(answer.file.toString())]).toEqual([body, status, false]);
    }
    expect(await entries(id, 'credential.reveal')).toMatchObject([{ outcome: 'refused' }]);
    expect((await entries(client.id, 'client.export')).filter(one => one.outcome === 'ok')).toEqual([]);
  });
});

describe('cut off', () => {
  class Killed extends Error {}

  /** Whether it was cut off, before the write of this number, in either database. */
  async function cutBefore(n: number, work: () => Promise<unknown>): Promise<void> {
    let left = n;
    const [units, keys] = [t.app.get(Units), t.app.get(KeyDestruction)];
    // Jobs of the application have units, too.
    const isOurs = () => currentContext()?.route?.pattern?.endsWith('/offboard') === true;
    const [run, destroyAll] = [units.run.bind(units), keys.destroyAll.bind(keys)];
    const spies = [
      jest
        .spyOn(keys, 'destroyAll')
        .mockImplementation(owner => (left-- > 0 ? destroyAll(owner) : Promise.reject(new Killed()))),
      // Nested ones are part of a write.
      jest
        .spyOn(units, 'run')
        .mockImplementation(one =>
          units.active || !isOurs() || left-- > 0 ? run(one) : Promise.reject(new Killed()),
        ),
    ] as { mockRestore: () => void }[];
    await work();
    for (const spy of spies) spy.mockRestore();
  }

  test('before any of its writes, the same call goes on, and each step was done once', async () => {
    let finished = 0;
    for (let n = 0; finished === 0; n++) {
      const client = await leaving();
      const made = [await credential(client.id), await credential(client.id)];
      // The proof is the first write, and no part of it.
      let status = 0;
      await cutBefore(n + 1, async () => (status = (await without(client)).status));
      if (status === 200) finished = n;
      const { offboarded_at } = (await t.http('GET', `/api/clients/${client.id}`)).body;
      expect([n, offboarded_at !== null]).toEqual([n, n > 0]);
      if (n > 0) for (const { id } of made) await expectClosed(id);
      const again = await without(client);
      expect(again.body).toMatchObject({ keys_destroyed: 1, credentials: 2, secrets: 2, people_total: 1 });
      expect((await without(client)).body).toEqual(again.body);
      expect(await steps(client.id)).toEqual(['begin', 'destroy_keys', 'end']);
      for (const { id } of made) expect(await entries(id, 'credential.offboard')).toHaveLength(1);
    }
    // Begun, keystore, noted, shredded, ended.
    expect(finished).toBe(5);
  });
});

test('a client that has left does not come back, and its name is free once it is renamed', async () => {
  const client = await leaving();
  expect((await without(client)).body).toMatchObject({ keys_destroyed: 0, credentials: 0 });
  const patch = (body: Body) => t.http('PATCH', `/api/clients/${client.id}`, { body });
  for (const body of [
    { archived_at: null },
    { status: 'active' },
    { status: 'offboarding', archived_at: null },
  ])
    expect([body, (await patch(body)).status]).toEqual([body, 409]);
  expect((await patch({ name: `${client.name} (left)`, notes: 'sold' })).status).toBe(200);
  expect((await t.http('POST', '/api/clients', { body: { name: client.name } })).status).toBe(201);
  const other = await leaving();
  const { id } = await credential(other.id);
  const moved = await t.http('PATCH', `/api/credentials/${id}`, { body: { client_id: client.id } });
  expect(moved.status).toBe(409);
  expect((await t.http('GET', `/api/credentials/${id}`)).body.password).toContain('CANARY');
});

test('who deletes what is left of a credential may, and who gave rights takes them back', async () => {
  const client = await leaving();
  const { id } = await credential(client.id);
  const user = await t.user();
  const grant = await t.make('credential-permissions', {
    credential_id: id,
    user_id: user.id,
    level: 'reveal',
  });
  await without(client);
  expect((await t.http('DELETE', `/api/credential-permissions/${grant.id}`)).status).toBe(204);
  expect((await t.http('DELETE', `/api/credentials/${id}`)).status).toBe(204);
});

describe('beside another process', () => {
  let server: Server;
  afterEach(() => server?.kill());
  test('what that one holds in its caches opens nothing from the first step on; killed in the middle, another one goes on', async () => {
    const client = await leaving();
    const items = Array.from({ length: 120 }, (_, n) => (
      { client_id: client.id, credential_type: 'password', service_name: `Service ${n}`, password: `CANARY ${randomUUID()}` }
    )); // prettier-ignore
    for (const one of items) secrets.add(one.password);
    const bulk = await t.http('POST', '/api/credentials/bulk', { body: { items } });
    const ids = bulk.body.results.map(one => one.id ?? '');
    server = await startServer({ ...environmentBeside(t), RATE_LIMIT_PER_MINUTE: '0', LOGIN_LIMIT_PER_MINUTE: '0', LOG_FORMAT: 'json' }); // prettier-ignore
    const token = await logIn(server);
    const ask = (method: string, path: string, body?: Body) => call(server, method, path, { token, body });
    for (const id of ids.slice(0, 2))
      expect(String((await ask('GET', `/api/credentials/${id}`)).body.password)).toContain('CANARY');

    const body = { confirm: client.name, reason: 'The contract ended', without_export: true, password: ADMIN_PASSWORD }; // prettier-ignore
    const cut = ask('POST', `/api/clients/${client.id}/offboard`, body).catch(() => undefined);
    const destroyed = async () =>
      (await inKeystore<{ total: number }>("SELECT COUNT(*) AS total FROM data_keys WHERE owner_id = ? AND state = 'destroyed'", [client.id]))[0]?.total; // prettier-ignore
    for (const deadline = Date.now() + 60_000; !Number(await destroyed()) && Date.now() < deadline;)
      await sleep(2);
    await server.kill();
    await cut;
    expect(Number(await destroyed())).toBe(1);
    // This process has unwrapped it, and holds it: it opens nothing all the same.
    for (const id of ids.slice(0, 3)) {
      const answer = await t.http('POST', `/api/credentials/${id}/reveal`, { body: { reason: 'a ticket' } });
      expect([answer.status, holdsSecret(answer.text)]).toEqual([403, false]);
    }
    const report = await without(client);
    expect(report.body).toMatchObject({ credentials: items.length, secrets: items.length });
    expect(await steps(client.id)).toEqual(['begin', 'destroy_keys', 'end']);
  });
});
