import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, type TestApp } from './app.js';
import { environmentBeside, type Ran, runCommand } from './harness/command.js';
import { runInside } from './harness/command-inside.js';
import { type FreshDatabase, freshDatabase, testDatabase } from './harness/database.js';
import { dumpOf, spellingsOf } from './harness/dump.js';
import { type EarlierTables, fixture, mariadbSource, sqliteSource } from './harness/earlier-source.js';
import { entriesOf } from './harness/journal.js';
import { query } from './harness/query.js';

jest.setTimeout(180_000);

interface Tables {
  key: string;
  other_key: string;
  salt: string;
  tables: EarlierTables;
}

interface Told {
  dry_run: boolean;
  written: boolean;
  rows: Record<'clients' | 'credentials' | 'history', Record<string, number>>;
  values: { opened: number; plaintext: number; unreadable: number };
  unreadable: { table: string; row: string; column?: string; reason: string }[];
  in_notes: Record<string, number>;
  sealed: Record<string, number>;
  left_out: Record<string, number>;
}

const FERNET = fixture<Tables>('fernet.json');
const V2 = fixture<Tables>('v2.json');
const FILE = fixture<{ secret: string; salt: string; files: Record<string, string> }>(
  'credentials-file.json',
);

let t: TestApp;
let folder: string;
let elsewhere: FreshDatabase;
/** Everything that commands have printed. */
const printed: string[] = [];
const seen = new Set<string | undefined>();

const path = (name: string) => join(folder, name);
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

async function run(words: string[], more: Record<string, string> = {}, input = ''): Promise<Ran> {
  // Of each kind of source the first is a process of its own.
  const isFirst = !seen.has(words[1]);
  seen.add(words[1]);
  const environment = { ...environmentBeside(t), ...more };
  const ran = await (isFirst ? runCommand : runInside)(environment, ['admin', ...words], input);
  printed.push(ran.stdout, ran.stderr);
  return ran;
}

/** Where the earlier database of Fernet tokens is: on the kind of database that these tests run on. */
const from = () =>
  testDatabase() === 'mariadb' ? ['--database-url-file', path('earlier.url')] : [path('earlier.sqlite')];
const fernet = (...more: string[]) =>
  run(['migrate-from', 'fernet', ...from(), '--json', ...more], { ENCRYPTION_KEY: FERNET.key });

const counts = async () => ({
  clients: await t.sql('SELECT id FROM clients').then(rows => rows.length),
  credentials: await t.sql('SELECT id FROM credentials').then(rows => rows.length),
  history: await t.sql('SELECT id FROM earlier_entries').then(rows => rows.length),
});
const NOTHING = { clients: 0, credentials: 0, history: 0 };

/** The credentials for a service, opened. */
async function opened(service_name: string) {
  const list = await t.http('GET', '/api/credentials', { query: { service_name } });
  const rows = await Promise.all(list.body.items.map(({ id }) => t.http('GET', `/api/credentials/${id}`)));
  return rows.map(one => one.body);
}

beforeAll(async () => {
  t = await startApp();
  folder = t.opened.settings.OPSKEEP_DATA;
  elsewhere = await freshDatabase();
  sqliteSource(path('earlier.sqlite'), FERNET.tables);
  if (testDatabase() === 'mariadb') await mariadbSource(elsewhere.url, FERNET.tables);
  writeFileSync(path('earlier.url'), elsewhere.url);
});
afterAll(async () => {
  await t.close();
  await elsewhere.drop();
});

describe('from Fernet tokens', () => {
  test('another key opens nothing, and says so', async () => {
    for (const more of [['--dry-run'], ['--skip-unreadable']]) {
      const ran = await run(['migrate-from', 'fernet', ...from(), ...more], {
        ENCRYPTION_KEY: FERNET.other_key,
      });
      expect([ran.code, ran.stdout]).toEqual([1, '']);
      expect(ran.stderr).toMatch(/opens none of the 8 encrypted values: .* Nothing was written/);
    }
    expect(await counts()).toEqual(NOTHING);
  });

  test('a dry run tells what would come, and writes nothing', async () => {
    const { code, json } = await fernet('--dry-run');
    expect([code, await counts()]).toEqual([0, NOTHING]);
    expect(json<Told>()).toMatchObject({
      dry_run: true,
      written: false,
      rows: {
        clients: { rows: 2, brought: 2, unreadable: 0 },
        credentials: { rows: 6, brought: 7, unreadable: 0 },
        history: { rows: 3, brought: 3 },
      },
      values: { opened: 8, plaintext: 0, unreadable: 0 },
      unreadable: [],
      in_notes: { network_subnet: 1, role_description: 1, last_rotated_at: 1, external_url: 1 },
      left_out: { service_id: 1, integration_code: 1 },
    });
  });

  test('rows come through the services, sealed, with an entry each; what no field takes is in the notes', async () => {
    const before = digest(path('earlier.sqlite'));
    const { code, json } = await fernet();
    expect(code).toBe(0);
    expect(json<Told>().rows.credentials).toMatchObject({ brought: 7, there: 0 });
    expect(digest(path('earlier.sqlite'))).toBe(before);
    const [firewall] = await opened('Firewall');
    expect(firewall).toMatchObject({
      credential_type: 'password',
      username: 'root',
      password: 'CANARY-fernet-päss 🔑',
      external_url: 'https://10.4.0.1',
      custom_port: 8443,
      requires_vpn: true,
      is_active: true,
      expires_at: '2031-05-06T00:00:00.000Z',
      notes:
        'From the earlier system:\nrole_description: Edge firewall\nlast_rotated_at: 2023-12-31 23:59:59',
    });
    expect((await opened('Backup vendor'))[0]?.notes).toContain('external_url: backup portal');
    expect((await opened('Bastion'))[0]).toMatchObject({
      credential_type: 'ssh_key',
      key_algorithm: 'Ed25519',
    });
    const relay = await opened('Mail relay');
    expect(relay.map(one => one.credential_type).sort()).toEqual(['api_key', 'password']);
    expect(await opened('Registrar')).toMatchObject([
      { client_id: null, visibility: 'pool', token: 'CANARY-fernet-token' },
    ]);
    expect(await opened('Old database')).toMatchObject([{ is_active: false }]);
    const clients = (await t.http('GET', '/api/clients', { query: { sort: 'name' } })).body.items;
    expect(clients).toMatchObject([
      { name: 'Grove Legal', type: 'internal', status: 'paused' },
      { name: 'Åkerlund Dental', status: 'active', domain_name: 'akerlund.example' },
    ]);
    expect(firewall?.client_id).toBe(clients[1]?.id);
    const sealed = await t.sql<{ sealed: string }>('SELECT sealed FROM credential_secrets');
    expect([sealed.length, sealed.every(one => one.sealed.startsWith('v3.'))]).toEqual([8, true]);
    const [entry] = await entriesOf(t, String(firewall?.id));
    expect(entry).toMatchObject({
      action: 'credential.create',
      details: { command: 'opskeep admin migrate-from fernet' },
    });
  });

  test('notes and addresses that hold secrets are sealed beside the credential', async () => {
    const columns = ['id', 'service_name', 'password', 'notes', 'purpose', 'external_url'];
    const [notes, url] = [
      'PIN of the safe. Password: CANARY-Winter2026!',
      'https://u:CANARY-inUrl77@10.4.0.9/',
    ];
    const rows = [
      ['1', 'Safe', 'CANARY-own-99', notes, 'to open it: CANARY-own-99', url],
      ['2', 'Plain', 'CANARY-own-98', 'of the cellar', 'light', 'https://10.4.0.8'],
    ];
    sqliteSource(path('notes.sqlite'), { credentials: { columns, rows } });
    const ran = await run(['migrate-from', 'fernet', path('notes.sqlite'), '--plaintext', '--json'], { ENCRYPTION_KEY: FERNET.key }); // prettier-ignore
    expect(ran.json<Told>()).toMatchObject({
      rows: { credentials: { rows: 2, brought: 5 } },
      sealed: { notes: 1, purpose: 1, external_url: 1 },
    });
    expect(ran.stdout + JSON.stringify(await t.sql('SELECT * FROM credentials'))).not.toContain('CANARY');
    expect(await opened('Safe')).toMatchObject([{ password: 'CANARY-own-99', external_url: null, notes: expect.stringContaining('Sealed beside it: ') }]); // prettier-ignore
    expect(await opened('Safe: notes')).toMatchObject([{ shared_secret: notes, visibility: 'pool' }]);
    expect(await opened('Safe: external_url')).toMatchObject([{ shared_secret: url }]);
    expect(await opened('Plain')).toMatchObject([
      {
        external_url: 'https://10.4.0.8',
        notes: 'of the cellar\n\nFrom the earlier system:\npurpose: light',
      },
    ]);
    const again = await run(['migrate-from', 'fernet', path('notes.sqlite'), '--plaintext', '--json'], { ENCRYPTION_KEY: FERNET.key }); // prettier-ignore
    expect(again.json<Told>().rows.credentials).toMatchObject({ brought: 0, there: 5 });
  });

  test('a second run brings nothing twice', async () => {
    const before = await counts();
    const { code, json } = await fernet();
    expect(code).toBe(0);
    expect(json<Told>().rows).toMatchObject({
      clients: { brought: 0, there: 2 },
      credentials: { brought: 0, there: 7 },
      history: { brought: 0, there: 3 },
    });
    expect(await counts()).toEqual(before);
  });

  test('the earlier trail is history: readable, known to be unchanged, and no part of the journal', async () => {
    const journal = await t.sql<{ action: string; details: string }>('SELECT action, details FROM journal');
    expect(journal.filter(one => one.action === 'audit.history')).toHaveLength(1);
    expect(journal.map(one => one.details).join()).not.toContain('night shift');
    const all = await run(['audit', 'earlier']);
    expect([all.code, all.stdout.trim().split('\n').length]).toEqual([0, 3]);
    expect(all.stderr).toBe('Parts that were brought: 1, each as the journal says\n');
    expect(all.stdout).toContain('night shift');
    expect(all.stdout).not.toContain('CANARY');
    const [firewall] = await opened('Firewall');
    const own = await run(['audit', 'earlier', '--credential', String(firewall?.id)]);
    expect(
      own.stdout
        .trim()
        .split('\n')
        .map(line => (JSON.parse(line) as { action: string }).action),
    ).toEqual(['create', 'decrypt']);
    await t.change("UPDATE earlier_entries SET entry = REPLACE(entry, 'mike', 'anna') WHERE position = 0");
    const changed = await run(['audit', 'earlier']);
    expect([changed.code, changed.stderr]).toEqual([
      1,
      expect.stringContaining('is not what the journal says'),
    ]);
  });
});

describe('from values under a key of each user', () => {
  const names = [
    '--table', 'user secrets', '--keys-table', 'vault keys', '--keys-user-column', 'owner', '--keys-column', 'blob',
  ]; // prettier-ignore
  const v2 = (key: string, ...more: string[]) =>
    run(['migrate-from', 'v2', path('v2.sqlite'), ...names, '--key-stdin', '--json', ...more], {}, key);
  beforeAll(() => sqliteSource(path('v2.sqlite'), V2.tables));

  test('another master key opens none of the keys, and says so', async () => {
    const { code, stderr } = await v2(V2.other_key, '--salt', V2.salt);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/opens none of the 2 user keys .* Nothing was written/),
    ]);
  });

  test('what cannot be brought is told by row, never with a value, and nothing is written', async () => {
    const before = await counts();
    const ada = await t.user({ email: 'ada@canary.test', scopes: ['msp:read'] });
    const { code, stderr, json } = await v2(V2.key, '--user', `7=${ada.email}`);
    expect([code, stderr]).toEqual([1, 'Nothing was written. --skip-unreadable brings the rest.\n']);
    expect(json<Told>().unreadable).toEqual([
      { table: 'user secrets', row: '3', reason: 'nobody here is its user "8": --user or --owner tells who' },
      {
        table: 'user secrets',
        row: '4',
        column: 'encrypted_password',
        reason: 'it belongs to no user: --salt tells the salt of the pool key',
      },
      {
        table: 'user secrets',
        row: '5',
        column: 'password',
        reason: 'it is no value that the earlier system has encrypted; --plaintext takes it as it is',
      },
      { table: 'user secrets', row: '6', reason: 'nobody here is its user "8": --user or --owner tells who' },
    ]);
    expect(await counts()).toEqual(before);
  });

  test('each value is opened under the key of its user, and belongs to that one here', async () => {
    const bob = await t.user({ email: 'bob@canary.test', scopes: ['msp:read'] });
    const ada = await t.login('ada@canary.test');
    const users = ['--user', '7=ada@canary.test', '--owner', bob.email];
    const { code, json } = await v2(V2.key, '--salt', V2.salt, '--plaintext', ...users);
    expect(code).toBe(0);
    expect(json<Told>()).toMatchObject({
      rows: { credentials: { rows: 6, brought: 6 } },
      values: { opened: 6, plaintext: 1 },
    });
    const seenBy = async (token: string) => {
      const { items } = (await t.http('GET', '/api/credentials', { token, query: { sort: 'service_name' } }))
        .body;
      const all = await Promise.all(items.map(one => t.http('GET', `/api/credentials/${one.id}`, { token })));
      return all.map(one => one.body).filter(one => one.visibility === 'private' && !one.client_id);
    };
    expect(await seenBy(bob.token)).toMatchObject([
      { service_name: 'Bare', password: 'CANARY-v2-bare' },
      { service_name: 'Chat', token: 'CANARY-v2-bob-token' },
      { service_name: 'Legacy', password: 'CANARY-v2-legacy-plaintext' },
    ]);
    expect((await seenBy(ada)).filter(one => one.password ?? one.api_key)).toMatchObject([
      { service_name: 'Cloud', api_key: 'CANARY-v2-ada-key', client_secret: 'CANARY-v2-ada-secret-key' },
      {
        service_name: 'Mailbox',
        password: 'CANARY-v2-ada-password',
        notes: expect.stringContaining('of the office') as string,
      },
    ]);
    expect(await opened('Shared printer')).toMatchObject([
      { visibility: 'pool', password: 'CANARY-v2-pool-password' },
    ]);
  });
});

describe('from a .credentials file', () => {
  const file = (name: string, ...more: string[]) =>
    run(['migrate-from', 'credentials-file', path(name), '--json', ...more], {
      FPAI_CREDENTIALS_KEY: FILE.secret,
    });
  beforeAll(() => {
    for (const [name, text] of Object.entries(FILE.files)) writeFileSync(path(name), text);
  });

  test('the key is made of the text or of the bytes of the hex digits', async () => {
    const plain = await file('text');
    expect([plain.code, plain.stderr]).toEqual([1, expect.stringContaining('needs --salt')]);
    for (const name of ['text', 'hex']) {
      const { code, json } = await file(name, '--salt', FILE.salt, '--dry-run');
      expect([code, json<Told>().rows.credentials?.brought]).toEqual([0, 5]);
    }
  });

  test('each name becomes a handle; secrets beside the secret are sealed in others', async () => {
    const owner = ['--client', 'ÅKERLUND dental'];
    const first = await file('text', '--salt', FILE.salt, ...owner);
    // A machine that is busy tells how far it is.
    expect([first.code, first.stderr.replace(/^(?:Opened|Brought): .*\n/gm, '')]).toEqual([0, '']);
    expect(first.json<Told>()).toMatchObject({ sealed: { password: 1 }, left_out: {} });
    const [key] = await opened('OpenAI');
    expect(key).toMatchObject({ name: 'OPENAI_KEY', api_key: 'CANARY-file-api-key', username: 'ops' });
    expect(key?.notes).toContain('team: night shift');
    expect((await opened('Chat')).map(one => one.shared_secret ?? one.token)).toContain(
      'CANARY-file-webhook',
    );
    const again = await file('text', '--salt', FILE.salt, ...owner);
    expect(again.json<Told>().rows.credentials).toMatchObject({ brought: 0, there: 5 });
    const moved = await file('hex', '--salt', FILE.salt, ...owner);
    expect([moved.code, moved.json<Told>().unreadable.length]).toEqual([1, 4]);
  });
});

test('no secret of the earlier systems is in a table, or in anything that was printed or logged', async () => {
  const all = JSON.stringify([FERNET.key, V2.key]).match(/[\w=-]{40,}/g) ?? [];
  const made = readFileSync(join(process.cwd(), 'test/fixtures/migrate-from/make.py'), 'utf8');
  const secrets = [...all, ...(made.match(/CANARY-[^"@\\]+/g) ?? [])];
  expect(secrets.length).toBeGreaterThan(20);
  const { DATABASE_URL, KEYSTORE_DATABASE_URL } = t.opened.settings;
  const stored = `${await dumpOf(DATABASE_URL.reveal())}\n${await dumpOf(KEYSTORE_DATABASE_URL.reveal())}`;
  const said = `${printed.join('\n')}\n${JSON.stringify(t.logs)}`;
  const found = secrets.filter(one =>
    spellingsOf(one).some(text => stored.includes(text) || said.includes(text)),
  );
  expect(found).toEqual([]);
  expect(await query(DATABASE_URL.reveal(), 'SELECT source FROM imported_rows')).not.toEqual([]);
});
