import type { ClientError } from '../../src/client/cli/errors.js';
import { MAIN_FIELD } from '../../src/client/credential/main-field.js';
import { revealCredentials, valueOf } from '../../src/client/credential/reveal.js';
import { CREDENTIAL_TYPES, mainField } from '../../src/vault/credentials/secret-fields.js';
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

test('one that is archived is named by its id alone', async () => {
  const old = await make({ name: 'old-router', client_id: acme.id, service_name: 'Router' });
  await t.http('PATCH', `/api/credentials/${old.id}`, { body: { archived_at: new Date().toISOString() } });
  expect(await reveal(String(old.id))).toMatchObject({ secrets: { password: 'CANARY old-router' } });
  expect(await reveal('old-router', String(acme.id))).toMatchObject({ exitCode: 3 });
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
    /Several credentials are called firewall.*\n {2}[0-9a-f-]{36} /,
  );
  expect(answers[4]).toMatchObject({ secrets: { password: 'CANARY mail' } });
});

test('the field is the main secret unless it is named; the user name stands beside the secrets', async () => {
  const revealed = await reveal('firewall', 'pool');
  if (!revealed || revealed instanceof Error) throw new Error('not revealed', { cause: revealed });
  expect(valueOf({ ...revealed, username: 'root' }, 'username')).toBe('root');
  expect(valueOf(revealed)).toBe('CANARY firewall');
  for (const field of ['api_key', 'constructor', '__proto__'])
    expect(valueOf(revealed, field)).toMatchObject({ exitCode: 3 });
  expect(MAIN_FIELD).toEqual(Object.fromEntries(CREDENTIAL_TYPES.map(type => [type, mainField(type)])));
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
