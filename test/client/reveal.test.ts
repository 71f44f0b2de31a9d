import type { SqlValue } from '../../src/core/database/sql.js';
import type { ClientError } from '../../src/client/cli/errors.js';
import { isMakeable, mainFieldOf } from '../../src/client/credential/main-field.js';
import { revealCredentials, valueOf } from '../../src/client/credential/reveal.js';
import { CREDENTIAL_TYPES } from '../../src/formats/credential-types.js';
import { type Shown, startApp, type TestApp } from '../app.js';

let t: TestApp;
let acme: Shown;
let firewall: Shown;
const environment = { ...process.env };
beforeAll(async () => {
  t = await startApp();
  process.env.OPSKEEP_URL = await t.listen();
  process.env.OPSKEEP_TOKEN = t.admin.token;
  acme = await t.make('clients', { name: 'Acme & Söhne #1/2' });
  firewall = await make({ name: 'firewall', service_name: 'OPNsense', client_id: acme.id, username: 'root' });
  await make({ name: 'firewall', service_name: 'pfSense', client_id: null, visibility: 'pool' });
  await make({ name: 'mail', service_name: 'Mail', client_id: acme.id });
  await make({ name: 'mail-2', service_name: 'Mail', client_id: acme.id });
});
afterAll(async () => {
  process.env = environment;
  await t.close();
});

const make = (body: object) =>
  t.make('credentials', {
    credential_type: 'password',
    password: `CANARY ${String((body as Shown).name)}`,
    ...body,
  });
const grounds = { reason: 'Somebody has to look' };
const plainly = (credential: string) => revealCredentials([{ credential }], {}).then(([one]) => one);
const reveal = (credential: string, place?: string) =>
  revealCredentials([{ credential, place }], grounds).then(([one]) => one);

test('a credential is named by handle, service or id, its place by name, id or pool', async () => {
  for (const [credential, place] of [
    ['firewall', 'Acme & Söhne #1/2'],
    ['firewall', 'ACME & söhne #1/2'],
    ['firewall', String(acme.id)],
    ['OPNsense', String(acme.id)],
    ['OPNsense', undefined],
    [String(firewall.id).toUpperCase(), undefined],
  ] as const)
    expect(await reveal(credential, place)).toMatchObject({
      id: firewall.id,
      secrets: { password: 'CANARY firewall' },
    });
  expect(await reveal('firewall', 'pool')).toMatchObject({ service_name: 'pfSense' });
});

test('one that is archived is named by its id, or by its name where that is asked for', async () => {
  const old = await make({ name: 'old-router', client_id: acme.id, service_name: 'Router' });
  await t.http('PATCH', `/api/credentials/${old.id}`, { body: { archived_at: new Date().toISOString() } });
  expect(await reveal(String(old.id))).toMatchObject({ secrets: { password: 'CANARY old-router' } });
  const place = String(acme.id);
  expect(await reveal('old-router', place)).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining(`An archived one is called so: get and show find it with --archived, or by its id ${old.id}`) as string,
  }); // prettier-ignore
  const [found] = await revealCredentials([{ credential: 'Router', place, archived: true }], grounds);
  expect(found).toMatchObject({ id: old.id });
  expect((await revealCredentials([{ credential: 'firewall', place, archived: true }], grounds))[0]).toMatchObject({ exitCode: 3 }); // prettier-ignore
});

test('none is 3, several are told by their ids, and others are opened all the same', async () => {
  const asked = [
    { credential: 'nobody', place: 'pool' },
    { credential: 'firewall', place: 'Nowhere' },
    { credential: 'Mail', place: String(acme.id) },
    { credential: 'firewall' },
    { credential: 'mail', place: String(acme.id) },
    { credential: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11' },
  ];
  const answers = await revealCredentials(asked, grounds);
  expect(answers.map(one => (one as ClientError).exitCode)).toEqual([3, 3, 1, 1, undefined, 3]);
  expect((answers[1] as ClientError).message).toBe('There is no client Nowhere');
  expect((answers[3] as ClientError).message).toMatch(
    /Several credentials are called firewall: name one by its id, or its client by --client\n {2}ID .*CLIENT\n {2}[0-9a-f-]{36} .*password +pool\n.*root +password +Acme & Söhne/,
  );
  expect(answers[4]).toMatchObject({ secrets: { password: 'CANARY mail' } });
});

test('who types may write a name in any case; a reference says what is near', async () => {
  const place = String(acme.id);
  const typed = (credential: string) => revealCredentials([{ credential, place, typed: true }], grounds);
  for (const credential of ['FIREWALL', 'opnSENSE'])
    expect(await typed(credential)).toMatchObject([{ id: firewall.id }]);
  expect(await typed('MAIL')).toMatchObject([{ exitCode: 1, code: 'ambiguous' }]);
  expect(await typed('mai')).toMatchObject([{ exitCode: 3, message: expect.stringMatching(/There are: mail-2, mail$/) as string }]); // prettier-ignore
  expect(await typed('%')).toMatchObject([{ exitCode: 3, message: `There is no credential % in ${place}` }]);
  const referred = (await reveal('FIREWALL', place)) as ClientError;
  expect([referred.exitCode, referred.message]).toEqual([3, expect.stringMatching(/There are: firewall$/)]);
});

test('of several the one that has the secret which is asked for is meant', async () => {
  const [client_id, service_name] = [(await t.make('clients')).id, 'Datto'];
  await make({ client_id, service_name, password: 'CANARY Datto' });
  const key = await t.make('credentials', { client_id, service_name, credential_type: 'api_key', api_key: 'CANARY key' }); // prettier-ignore
  const asked = (field?: string) =>
    revealCredentials([{ credential: 'Datto', place: String(client_id), field }], grounds);
  expect(await asked('api_key')).toMatchObject([{ id: key.id }]);
  for (const field of [undefined, 'username', 'token'])
    expect(await asked(field)).toMatchObject([{ code: 'ambiguous' }]);
});

describe('whoever may create credentials takes no one’s place', () => {
  const as = async <T>(token: string, work: () => Promise<T>): Promise<T> => {
    process.env.OPSKEEP_TOKEN = token;
    return work().finally(() => (process.env.OPSKEEP_TOKEN = t.admin.token));
  };
  const technician = () => t.user({ scopes: ['msp:read', 'msp:write'] });
  const grant = (token: string, credential_id: unknown, user_id: string) =>
    t.http('POST', '/api/credential-permissions', { token, body: { credential_id, user_id, level: 'reveal' } }); // prettier-ignore

  test.each([
    ['a handle', { service_name: 'Victim 1' }, { name: 'Victim 1', service_name: 'zzz' }],
    ['a service', { name: 'Victim 2', service_name: 'Real' }, { service_name: 'Victim 2' }],
  ])('with %s', async (_how, real, planted) => {
    const [owner, thief] = [await technician(), await technician()];
    const { id } = await make({ client_id: acme.id, ...real });
    await grant(t.admin.token, id, owner.id);
    const name = String(Object.values(real)[0]);
    const read = (place?: string) => as(owner.token, () => reveal(name, place));
    const body = { credential_type: 'password', password: 'CANARY planted', client_id: acme.id, ...planted };
    const made = await t.http('POST', '/api/credentials', { token: thief.token, body });
    await t.make('credential-permissions', { credential_id: made.body.id, user_id: owner.id, level: 'view' });
    // Seen, but not to be opened, it takes nothing.
    expect(await read(String(acme.id))).toMatchObject({ id });
    await grant(thief.token, made.body.id, owner.id);
    for (const place of [String(acme.id), undefined]) {
      const refused = (await read(place)) as ClientError;
      expect([refused.code, refused.message]).toEqual(['ambiguous', expect.stringContaining(String(id))]);
      expect(await reveal(name, place)).toMatchObject({ code: 'ambiguous' });
    }
    const about = { name: 'playbook', scopes: ['msp:read'], credential_ids: [id], actions: ['reveal'] };
    const { token } = await t.make('access-tokens', about);
    expect(await as(String(token), () => reveal(name, String(acme.id)))).toMatchObject({ id });
  });

  test('with a private one: private is one’s own', async () => {
    const thief = await technician();
    const own = { credential_type: 'password', client_id: null, visibility: 'private' };
    const body = { ...own, name: 'mine', service_name: 'q', password: 'CANARY theirs' };
    await t.http('POST', '/api/credentials', { token: thief.token, body });
    expect(await reveal('mine', 'private')).toMatchObject({ exitCode: 3 });
    const { id } = await make({ ...own, name: 'other', service_name: 'mine' });
    expect(await reveal('mine', 'private')).toMatchObject({ id });
  });

  test('with so many that a page of the list is full of them', async () => {
    const client_id = (await t.make('clients')).id;
    const place = String(client_id);
    const { id } = await make({ client_id, name: 'real', service_name: 'Crowded' });
    const one = { client_id, credential_type: 'password', password: 'CANARY crowd' };
    const made = await t.make('credentials', { ...one, service_name: 'Crowd' });
    const [row = {}] = await t.sql<Record<string, SqlValue>>('SELECT * FROM credentials WHERE id = ?', [String(made.id)]); // prettier-ignore
    // The newest is the planted one, behind it a crowd that leaves no room for the real one.
    const rows = [...Array(1_000).keys()].map(n => ({
      ...row,
      id: `f${String(n).padStart(7, '0')}-0000-7000-8000-000000000000`,
      service_name: n === 999 ? 'Crowded' : 'Crowd',
    }));
    const line = `(${Object.keys(row).fill('?').join(', ')})`;
    for (let at = 0; at < rows.length; at += 250) {
      const some = rows.slice(at, at + 250);
      const text = `INSERT INTO credentials (${Object.keys(row).join(', ')}) VALUES ${some.map(() => line).join(', ')}`; // prettier-ignore
      await t.change(
        text,
        some.flatMap(each => Object.values(each)),
      );
    }
    const [crowded] = await revealCredentials([{ credential: 'Crowded', place }, { credential: 'Crowd', place }], grounds); // prettier-ignore
    expect(crowded).toMatchObject({ code: 'ambiguous', message: expect.stringContaining(String(id)) as string }); // prettier-ignore
  });
});

test('the field is the main secret unless it is named; the user name stands beside the secrets', async () => {
  const revealed = await reveal('firewall', 'pool');
  if (!revealed || revealed instanceof Error) throw new Error('not revealed', { cause: revealed });
  expect(valueOf({ ...revealed, username: 'root' }, 'username')).toBe('root');
  expect(valueOf(revealed)).toBe('CANARY firewall');
  for (const field of ['api_key', 'constructor', '__proto__'])
    expect(valueOf(revealed, field)).toMatchObject({ exitCode: 3 });
  expect(CREDENTIAL_TYPES.filter(isMakeable)).toEqual(['password', 'api_key', 'oauth', 'shared_secret']);
  expect([mainFieldOf('oauth'), mainFieldOf('constructor'), isMakeable('__proto__')]).toEqual(['client_secret', undefined, false]); // prettier-ignore
});

test('a server that is away is 4', async () => {
  const url = process.env.OPSKEEP_URL;
  process.env.OPSKEEP_URL = 'http://127.0.0.1:1';
  await expect(reveal('firewall', 'pool')).rejects.toMatchObject({ exitCode: 4 });
  process.env.OPSKEEP_URL = url;
});

test('without a reason only what no policy guards is opened, and a refusal says what to give', async () => {
  expect(await plainly('OPNsense')).toMatchObject({ secrets: { password: 'CANARY firewall' } });
  await make({ name: 'guarded', service_name: 'Guarded', client_id: acme.id, reveal_policy: 'reason' });
  const refused = (await plainly('guarded')) as ClientError;
  expect([refused.exitCode, refused.message]).toEqual([
    1,
    expect.stringMatching(/^guarded: .*needs a reason.* --reason/),
  ]);
  expect(await reveal('guarded')).toMatchObject({ secrets: { password: 'CANARY guarded' } });
});
