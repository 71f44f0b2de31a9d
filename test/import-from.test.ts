import { generateKeyPairSync } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startApp, type TestApp } from './app.js';
import { environmentBeside, type Ran, runCommand } from './harness/command.js';
import { runInside } from './harness/command-inside.js';
import { dumpOf } from './harness/dump.js';
import { entriesOf } from './harness/journal.js';
import type { Shown } from './harness/requests.js';

jest.setTimeout(180_000);

const FIXTURES = join(__dirname, 'fixtures/import-from');
const fixture = (name: string) => join(FIXTURES, name);

interface Told {
  where: string;
  name: string | null;
  reason: string;
}
interface Report {
  entries: number;
  to_bring: number;
  there: number;
  clients: { name: string; is_new: boolean; entries: number }[];
  left_out: Told[];
  without: Told[];
  brought?: { entries: number; credentials: number; clients: number; failed: Told[] };
}

let t: TestApp;
let printed = '';
const seen = new Set<string | undefined>();

/** Runs `admin import-from …` beside the application, of each kind of file the first as a process; what it prints is kept. */
async function bring(...words: string[]): Promise<Ran> {
  const args = ['admin', 'import-from', ...words];
  const isFirst = !seen.has(words[0]);
  seen.add(words[0]);
  const ran = await (isFirst ? runCommand : runInside)(environmentBeside(t), args);
  printed += ran.stdout + ran.stderr;
  return ran;
}

async function report(...words: string[]): Promise<Report> {
  const ran = await bring(...words, '--json');
  expect(ran).toMatchObject({ code: 0 });
  return ran.json<Report>();
}

/** The credentials of a client with their secrets, by the service's name. */
async function credentialsOf(client: string, archived = 'false'): Promise<Record<string, Shown>> {
  const { items: clients } = (await t.http('GET', '/api/clients', { query: { name: client } })).body;
  const query = {
    limit: 1000,
    archived,
    ...(clients[0] ? { client_id: clients[0].id } : { visibility: 'pool' }),
  };
  const { items } = (await t.http('GET', '/api/credentials', { query })).body;
  const opened = await Promise.all(items.map(one => t.http('GET', `/api/credentials/${one.id}`)));
  return Object.fromEntries(opened.map(({ body }) => [String(body.service_name), body as unknown as Shown]));
}

const counts = async () => t.sql('SELECT COUNT(*) AS total FROM credentials');
const reasons = (told: Told[]) => Object.fromEntries(told.map(one => [one.where, one.reason]));

beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

describe('Bitwarden', () => {
  let file: string;
  let key: string;

  beforeAll(async () => {
    key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    file = join(t.opened.settings.OPSKEEP_DATA, "bit'warden.json");
    const text = await readFile(fixture('bitwarden-individual.json'), 'utf8');
    await writeFile(file, text.replace('@PRIVATE_KEY@', key.replaceAll('\n', '\\n')), { mode: 0o600 });
    await t.make('clients', { name: 'Nordlys A/S' });
    await t.make('clients', { name: 'HARBOUR dental' });
  });

  test('a dry run tells what would be done, and does nothing', async () => {
    const before = await counts();
    const plan = await report('bitwarden', file, '--dry-run', '--map', '=');
    expect(await counts()).toEqual(before);
    expect(plan).toMatchObject({
      entries: 11,
      to_bring: 5,
      there: 0,
      clients: [
        { name: 'HARBOUR dental', is_new: false, entries: 3 },
        { name: 'Nordlys A/S', is_new: false, entries: 1 },
        { name: '(the pool)', is_new: false, entries: 1 },
      ],
    });
    expect(reasons(plan.left_out)).toEqual({
      'item 4': expect.stringContaining('a card') as string,
      'item 5': expect.stringContaining('an identity') as string,
      'item 7': 'in the trash',
      'item 9': 'it holds no secret',
      'item 10': 'not as Bitwarden writes it (type)',
      'item 11': expect.stringContaining('type 9') as string,
    });
    const without = plan.without.map(one => `${one.name}: ${one.reason}`).join('\n');
    expect(without).toMatch(/^Firewall: a passkey$/m);
    expect(without).toMatch(/^Firewall: earlier passwords$/m);
    expect(without).toMatch(/^Registrar: one-time codes: the seed is kept/m);
  });

  test('entries become credentials with everything that they hold', async () => {
    const done = await bring('bitwarden', file, '--yes', '--map', '=');
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(
      /^Brought in: 5 entries as 9 credentials\. Archived, as they are there: 1 \(lists have them with archived=true\)\. Left out: 6\.\n$/,
    );
    expect(done.stderr).toContain(`shred -u '${file.replace("'", "'\\''")}'`);
    expect(done.stderr).not.toContain('other users');

    const harbour = await credentialsOf('HARBOUR dental');
    expect(harbour.Firewall).toMatchObject({
      credential_type: 'password',
      name: 'Firewall',
      username: 'root',
      password: ' CANARY fire;wall"1, ',
      internal_url: 'https://10.20.0.1:8443/login',
      external_url: 'https://firewall.harbour.example',
      requires_2fa: true,
      secret_fields: ['password', 'totp_secret'],
      notes: [
        'Reached over the VPN alone.',
        'Model: FG-60F',
        'Supported: true',
        'Address: ssh://10.20.0.1',
        'Sealed beside it: Recovery PIN',
      ].join('\n'),
    });
    const code = await t.http('GET', `/api/credentials/${harbour.Firewall?.id}/otp`);
    expect(code.body.code).toMatch(/^\d{6}$/);
    expect(harbour['Firewall: Recovery PIN']).toMatchObject({
      credential_type: 'shared_secret',
      shared_secret: 'CANARY-recovery-pin',
    });
    expect(harbour['Licence keys']?.shared_secret).toMatch(/^Server: CANARY.*\nClients: CANARY/);
    expect(harbour['Deploy key']).toMatchObject({ credential_type: 'ssh_key', private_key: key });

    const nordlys = await credentialsOf('Nordlys A/S');
    expect(nordlys.Hypervisor).toMatchObject({
      password: 'CANARY-hypervisor',
      secret_fields: ['password', 'totp_secret'],
      notes: 'Sealed beside it: Notes',
    });
    expect(nordlys['Hypervisor: Notes']?.shared_secret).toBe('password: CANARY-in-the-notes-7');

    const pool = await credentialsOf('(none)', 'true');
    expect(pool.Registrar).toMatchObject({
      visibility: 'pool',
      password: 'CANARY-registrar',
      external_url: null,
    });
    expect(pool['Registrar: Address']?.shared_secret).toContain('CANARY-in-the-address');
    expect(pool['Registrar: One-time code']?.shared_secret).toBe('steam://CANARYCANARYCANA');
    expect(pool.Registrar?.archived_at).not.toBeNull();

    const [entry] = await entriesOf(t, String(harbour.Firewall?.id));
    expect(entry).toMatchObject({ action: 'credential.create', actor_id: 'command line' });
    expect(entry?.details).toMatchObject({ command: 'opskeep admin import-from bitwarden' });
  });

  test('a second run brings nothing twice, whatever became of what came', async () => {
    const { Firewall } = await credentialsOf('HARBOUR dental');
    const path = `/api/credentials/${Firewall?.id}`;
    const moved = { service_name: 'Firewall of the main office', username: 'admin' };
    expect((await t.http('PATCH', path, { body: moved })).status).toBe(200);
    expect((await t.http('POST', `${path}/rotate`, { body: { value: 'CANARY-rotated' } })).status).toBe(200);
    const before = await counts();
    const again = await bring('bitwarden', file, '--yes', '--map', '=');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('5 of them there already. To be brought in: 0.');
    expect(again.stderr).toContain('shred');
    expect(await counts()).toEqual(before);
  });

  test('what was deleted comes again', async () => {
    const { 'Licence keys': note } = await credentialsOf('HARBOUR dental');
    expect((await t.http('DELETE', `/api/credentials/${note?.id}`)).status).toBe(204);
    const again = await report('bitwarden', file, '--yes', '--map', '=');
    expect(again).toMatchObject({ there: 4, brought: { entries: 1, credentials: 1, failed: [] } });
    expect(await credentialsOf('HARBOUR dental')).toHaveProperty(['Licence keys']);
  });

  test("an entry in collections of several clients is nobody's; a shared collection takes nothing from a client", async () => {
    const organization = fixture('bitwarden-organization.json');
    const made = await report(
      'bitwarden',
      organization,
      '--yes',
      '--create-clients',
      '--map',
      'Technicians=',
    );
    expect(made.left_out).toEqual([
      {
        where: 'item 2',
        name: 'Shared printer',
        reason: expect.stringContaining('several clients') as string,
      },
    ]);
    expect(made.brought).toMatchObject({ entries: 2, clients: 0 });
    expect((await credentialsOf('HARBOUR dental'))['Microsoft 365']?.password).toBe('CANARY-m365');
    expect((await credentialsOf('(none)')).Documentation?.password).toBe('CANARY-team');
  });

  test('CSV, where it does not say which fields are hidden: all of them are sealed', async () => {
    const made = await report('bitwarden', fixture('bitwarden.csv'), '--yes');
    expect(made).toMatchObject({ entries: 3, brought: { entries: 2, credentials: 4 } });
    const harbour = await credentialsOf('HARBOUR dental');
    expect(harbour.Switch).toMatchObject({
      internal_url: 'http://10.20.0.2',
      external_url: 'https://switch.harbour.example',
      secret_fields: ['password', 'totp_secret'],
    });
    expect(harbour['Switch: Serial']?.shared_secret).toBe('CANARY-serial');
    expect(harbour['Door code']?.shared_secret).toBe('CANARY-door');
  });

  test('an encrypted export is refused', async () => {
    const { code, stdout, stderr } = await bring('bitwarden', fixture('bitwarden-encrypted.json'), '--yes');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('This export is encrypted');
  });
});

describe('CSV of the others', () => {
  test('KeePass 2, which has no groups and writes quotes behind a backslash', async () => {
    await t.make('clients', { name: 'Quay Legal' });
    const made = await report('keepass-csv', fixture('keepass2.csv'), '--yes', '--client', 'quay legal');
    expect(made.left_out).toEqual([{ where: 'line 4', name: 'Router', reason: 'the same as line 2' }]);
    const { id: client_id } = (await t.http('GET', '/api/clients', { query: { name: 'Quay Legal' } })).body
      .items[0] as Shown;
    const { items } = (await t.http('GET', '/api/credentials', { query: { client_id } })).body;
    const opened = await Promise.all(items.map(one => t.http('GET', `/api/credentials/${one.id}`)));
    expect(opened.map(one => one.body.password).sort()).toEqual(
      ['=cmd|CANARY!A1', 'CANARY "quoted" \\ back'].sort(),
    );
    expect(opened.map(one => one.body.name).sort()).toEqual(['Router', null].sort());
    expect(opened.map(one => one.body.notes)).toContain('Second floor\r\nbehind the door');
    expect(
      await report('keepass-csv', fixture('keepass2.csv'), '--yes', '--client', client_id),
    ).toMatchObject({ there: 2, to_bring: 0 });
  });

  test('KeePassXC, whose groups may be mapped', async () => {
    const made = await report(
      ...['keepass-csv', fixture('keepassxc.csv'), '--yes', '--create-clients'],
      ...['--map', 'harbour dental/servers=HARBOUR dental'],
    );
    expect(reasons(made.left_out)).toEqual({ 'line 4': 'it is in no folder', 'line 5': 'in the trash' });
    expect(made.brought).toMatchObject({ entries: 2, clients: 1 });
    const harbour = await credentialsOf('HARBOUR dental');
    expect(harbour.DC01).toMatchObject({
      username: 'HDG\\Administrator',
      password: 'CANARY "dc01" ; , x',
      secret_fields: ['password', 'totp_secret'],
    });
    const foundry = await credentialsOf('Fjord Foundry');
    expect(foundry.ERP).toMatchObject({
      password: 'CANARY-erp',
      notes: 'Address: erp.foundry.local:8080\nSealed beside it: One-time code',
    });
  });

  test('1Password, whose tags are its folders', async () => {
    const made = await report('1password-csv', fixture('1password.csv'), '--yes');
    expect(made).toMatchObject({ entries: 4, archived: 1, brought: { entries: 3, archived: 1 } });
    const { body } = await t.http('GET', '/api/credentials', {
      query: { archived: 'true', name: 'Old portal' },
    });
    expect(body.items).toHaveLength(1);
    const harbour = await credentialsOf('HARBOUR dental', 'any');
    expect(harbour['Backup portal']).toMatchObject({
      password: 'CANARY-backup',
      external_url: 'https://backup.example/login',
      tags: ['backup', 'harbour dental'],
    });
    expect(harbour['Old portal']).toMatchObject({ password: 'CANARY-old-portal', notes: 'replaced in 2025' });
    expect(harbour['Old portal']?.archived_at).not.toBeNull();
    expect(harbour['Wi-Fi of the lobby']?.shared_secret).toBe('CANARY-lobby-wifi');
  });

  test('IT Glue, by organization', async () => {
    const made = await report('itglue-csv', fixture('itglue.csv'), '--yes');
    expect(reasons(made.left_out)).toEqual({ 'line 4': 'it has 16 cells, and the first line 12' });
    expect(reasons(made.without)['line 3']).toContain('without the seed');
    const harbour = await credentialsOf('HARBOUR dental');
    expect(harbour['Domain administrator']).toMatchObject({
      password: 'CANARY,domain "admin"',
      secret_fields: ['password', 'totp_secret'],
      notes: 'Use a named account where you can.\nBelongs to: Configuration 77',
      tags: ['administrative'],
    });
    expect((await credentialsOf('Nordlys A/S')).Mail?.password).toBe('CANARY-mail');
  });

  test('Hudu, by company, with semicolons', async () => {
    const made = await report('hudu-csv', fixture('hudu.csv'), '--yes');
    expect(made.brought).toMatchObject({ entries: 3, failed: [] });
    const harbour = await credentialsOf('HARBOUR dental');
    expect(harbour.Printer).toMatchObject({
      password: 'CANARY;printer',
      internal_url: 'http://printer.lan',
      notes: 'Toner in the cellar\nFolder: Second floor',
      tags: ['device'],
    });
    expect(harbour['Cloud console']?.secret_fields).toEqual(['password', 'totp_secret']);
    // The notes repeat the password, in words that nothing else would be known by.
    expect((await credentialsOf('Fjord Foundry'))['ERP database']).toMatchObject({
      notes: 'Sealed beside it: Notes',
    });
  });
});

test('what somebody has typed in already is known by its secret', async () => {
  const client_id = (await t.make('clients', { name: 'Lighthouse' })).id;
  const typed = { client_id, credential_type: 'password', service_name: 'NAS', username: 'root' };
  await t.make('credentials', { ...typed, password: 'CANARY-nas' });
  const file = join(t.opened.settings.OPSKEEP_DATA, 'typed.csv');
  const rows = ['NAS,root,CANARY-nas', 'NAS,root,CANARY-other', 'NAS,guest,CANARY-nas'];
  await writeFile(file, `Title,Username,Password,URL,Notes\n${rows.map(one => `${one},,\n`).join('')}`);
  await chmod(file, 0o640);
  const ran = await bring('keepass-csv', file, '--dry-run', '--json', '--client', client_id);
  expect(ran.json()).toMatchObject({ there: 1, to_bring: 2 });
  expect(ran.stderr).toContain('other users of this machine can read');
});

test('with --seal-notes no note stands in the clear', async () => {
  const file = join(t.opened.settings.OPSKEEP_DATA, 'notes.csv');
  await writeFile(file, 'Title,Username,Password,URL,Notes\nUPS,root,CANARY-ups,,Second floor\n');
  const made = await report(
    'keepass-csv',
    file,
    '--yes',
    '--client',
    'Pier',
    '--create-clients',
    '--seal-notes',
  );
  expect(made.brought).toMatchObject({ entries: 1, credentials: 2, clients: 1 });
  const pier = await credentialsOf('Pier');
  expect(pier.UPS?.notes).toBe('Sealed beside it: Notes');
  expect(pier['UPS: Notes']?.shared_secret).toBe('Second floor');
});

test('nothing that was printed or stored holds a secret in the clear', async () => {
  expect(printed).toContain('Firewall');
  expect(printed).not.toContain('CANARY');
  const { DATABASE_URL, KEYSTORE_DATABASE_URL } = t.opened.settings;
  const dump = `${await dumpOf(DATABASE_URL.reveal())}${await dumpOf(KEYSTORE_DATABASE_URL.reveal())}`;
  expect(dump).toContain('Domain administrator');
  expect(dump).not.toContain('CANARY');
});
