import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResourceRegistry } from '../../src/core/resource/resource-registry.js';
import { MANIFEST, SECRETS } from '../../src/operations/data-folders/folder-format.js';
import { CredentialReader } from '../../src/vault/credentials/credential-reader.js';
import { Opening } from '../../src/vault/credentials/reveal/opening.service.js';
import { disclose } from '../../src/vault/credentials/reveal/opened-secrets.js';
import { type Shown, startApp, type TestApp } from '../app.js';
import { databasesOf, elsewhere, faults, inside } from '../harness/backing-up.js';
import { exported, imported } from '../harness/data-folders.js';
import { openAge } from '../harness/open-age.js';
import { query } from '../harness/query.js';

jest.setTimeout(120_000);

const passphrase = 'seven purple lanterns over the old harbour';
const reason = 'The installation moves';
const OPEN = 'CANARY open 😀\n"quoted"';

let t: TestApp;
let place: string;
let open: Shown;
let guarded: Shown;
let hidden: Shown;
beforeAll(async () => {
  t = await startApp();
  place = await mkdtemp(join(tmpdir(), 'opskeep-data-'));
  open = await t.make('credentials', { password: OPEN });
  guarded = await t.make('credentials', { password: 'CANARY guarded', reveal_policy: 'approval' });
  const { token } = await t.user();
  const mine = {
    credential_type: 'password',
    service_name: 'own',
    password: 'CANARY hidden',
    visibility: 'private',
  };
  hidden = (await t.http('POST', '/api/credentials', { body: mine, token })).body;
});
afterAll(async () => {
  await t.close();
  await rm(place, { recursive: true, force: true });
});

const entries = (action: string) =>
  t.sql<{ resource_id: string; details: string }>('SELECT resource_id, details FROM journal WHERE action = ? ORDER BY n', [action]); // prettier-ignore
const secretsOf = async (folder: string) =>
  openAge(await readFile(join(folder, SECRETS)), passphrase)
    .toString()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { credential_id: string; secrets: Record<string, string> });

it('takes no secret along unless asked, and none in the clear', async () => {
  const folder = join(place, 'without');
  await exported(t, folder);
  await expect(readFile(join(folder, SECRETS))).rejects.toThrow('ENOENT');
  expect(await readFile(join(folder, 'credentials.ndjson'), 'utf8')).not.toContain('CANARY');
  expect(await entries('credential.reveal')).toEqual([]);
});

it('encrypts what policies leave open, each credential on the trail, and says what it leaves out', async () => {
  const folder = join(place, 'with');
  const weak = { passphrase: 'password', reason, breaksGlass: false };
  await expect(exported(t, folder, { secrets: weak })).rejects.toThrow(/passphrase/);
  const { secrets, id, left_out } = await exported(t, folder, { secrets: { ...weak, passphrase } });
  expect(secrets).toMatchObject({ file: SECRETS, credentials: 1 });
  expect(left_out.map(one => one.what).filter(one => one.startsWith('secrets of'))).toEqual([
    'secrets of 1 credentials',
    'secrets of 1 credentials',
  ]);
  expect(await secretsOf(folder)).toEqual([{ credential_id: open.id, secrets: { password: OPEN } }]);
  for (const name of [SECRETS, MANIFEST, 'credentials.ndjson'])
    expect([name, (await readFile(join(folder, name))).includes('CANARY')]).toEqual([name, false]);
  const [entry, ...more] = await entries('credential.reveal');
  expect([entry?.resource_id, more.length]).toEqual([open.id, 0]);
  expect(JSON.parse(entry?.details ?? '{}')).toMatchObject({ export_id: id, reason, fields: ['password'] });
  expect((await entries('data.export')).at(-1)?.details).toContain('"credentials":1');
});

it('breaks the glass for the rest when told to: an incident, and an entry for each', async () => {
  const folder = join(place, 'broken');
  await exported(t, folder, { secrets: { passphrase, reason, breaksGlass: true } });
  expect((await secretsOf(folder)).map(one => one.credential_id)).toEqual([open.id, guarded.id, hidden.id]);
  const broken = (await entries('credential.break_glass')).map(one => one.resource_id);
  expect(broken.toSorted()).toEqual([guarded.id, hidden.id].toSorted());
  const { items } = (await t.http('GET', '/api/security-incidents', { query: { severity: 'critical' } }))
    .body;
  expect(items).toMatchObject([{ title: 'Secrets exported by break-glass' }]);
  const told = (await entries('credential.reveal')).filter(one => one.details.includes('break_glass'));
  expect(told).toHaveLength(2);
});

it('seals them anew in the other installation, where they open as before', async () => {
  const folder = join(place, 'broken');
  const lite = await databasesOf('sqlite');
  const environment = elsewhere(t, lite);
  try {
    await expect(imported(folder, environment)).rejects.toThrow(/The folder has secrets/);
    const wrong = imported(folder, environment, { passphrase: 'another passphrase altogether' });
    await expect(wrong).rejects.toThrow(/does not open/);
    const cut = join(place, 'cut');
    await exported(t, cut, { secrets: { passphrase, reason, breaksGlass: false } });
    await writeFile(join(cut, SECRETS), (await readFile(join(cut, SECRETS))).subarray(0, -1));
    await expect(imported(cut, environment, { passphrase })).rejects.toThrow(/is damaged/);
    expect(await query(lite.url, 'SELECT id FROM users')).toEqual([]);
    expect(await imported(folder, environment, { passphrase })).toMatchObject({ secrets: 3 });
    await inside(environment, async app => {
      const read = await app.get(CredentialReader).read([open.id]);
      const wish = { action: 'credential.reveal', reason } as const;
      expect(disclose(await app.get(Opening).open(read.get(open.id)!, wish))).toEqual({ password: OPEN });
      const { items } = await app.get(ResourceRegistry).byPath('credentials')!.list({ sort: 'id' });
      const fields = ['id', 'secret_fields', 'last_rotated_at', 'version', 'updated_at', 'strength'];
      const shown = (rows: object[]) => rows.map(row => fields.map(name => (row as Shown)[name]));
      const { body } = await t.http('GET', '/api/credentials', { query: { sort: 'id' } });
      expect(shown(items)).toEqual(shown(body.items));
    });
    const prints = (url: string) =>
      query<{ fingerprint: string }>(url, 'SELECT fingerprint FROM credential_secrets');
    expect((await prints(lite.url)).every(one => /^[0-9a-f]{64}$/.test(one.fingerprint))).toBe(true);
    expect(await faults(environment)).toEqual([]);
  } finally {
    await lite.drop();
  }
});

it('leaves them out when told to', async () => {
  const lite = await databasesOf('sqlite');
  try {
    await imported(join(place, 'broken'), elsewhere(t, lite), { passphrase: null });
    expect(await query(lite.url, 'SELECT id FROM credential_secrets')).toEqual([]);
  } finally {
    await lite.drop();
  }
});
