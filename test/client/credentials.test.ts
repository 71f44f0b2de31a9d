import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { widthOf } from '../../src/client/cli/width.js';
import { type Shown, startApp, type TestApp } from '../app.js';
import { enrol } from '../harness/second-factor.js';
import { buildClient, type Machine, makeMachine } from './machine.js';

jest.setTimeout(180_000);

const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

let t: TestApp;
let machine: Machine;
let acme: Shown;
beforeAll(async () => {
  t = await startApp();
  machine = await makeMachine({ url: await t.listen(), token: t.admin.token });
  acme = await t.make('clients', { name: 'Acme' });
});
afterAll(async () => {
  machine.remove();
  await t.close();
});

const credential = (args: string[], input = '', more: Record<string, string> = {}) =>
  machine.run(['credential', ...args], input, more);
const idOf = async (args: string[], input: string) =>
  String((await credential(['add', ...args, '--json'], input)).json().id);

test('what is added is printed alone, listed without its value, and on the trail', async () => {
  const added = await credential(
    [
      'add',
      'wall',
      '--client',
      'Acme',
      '--service',
      'OPNsense',
      '--username',
      'root',
      '--expires',
      '2031-01-01',
    ],
    'CANARY wall\n',
  );
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout).toMatch(/^Stored wall: [0-9a-f-]{36}\n$/);
  const id = added.stdout.trim().slice(-36);
  for (const args of [['wall'], ['OPNsense', '--client', 'Acme'], [id]])
    expect(await credential(['get', ...args])).toEqual(
      expect.objectContaining({ code: 0, stdout: 'CANARY wall\n', stderr: '' }),
    );
  expect((await credential(['get', 'wall', '--field', 'username'])).stdout).toBe('root\n');
  expect((await credential(['get', 'wall', '--full', '--reason', 'Somebody looks'])).json()).toMatchObject({
    id,
    client_id: acme.id,
    secrets: { password: 'CANARY wall' },
  });
  const listed = await credential(['list', '--client', 'Acme']);
  expect(listed.stdout).toMatch(/^ID +NAME +SERVICE +USER +TYPE +CLIENT +EXPIRES\n/);
  expect(listed.stdout).toMatch(/wall +OPNsense +root +password +Acme +2031-01-01/);
  const json = await credential(['list', 'opnsense', '--json']);
  expect(json.json<Shown[]>().map(one => one.id)).toEqual([id]);
  expect(listed.stdout + json.stdout).not.toContain('CANARY');
  const { body } = await t.http('GET', `/api/credential-audit-logs/by-credential/${id}`);
  expect(JSON.stringify(body)).toContain('Somebody looks');
});

test('exit codes: 2 wrong usage, 3 none of that name, 1 several or refused, 4 not reachable', async () => {
  await idOf(['twin-a', '--service', 'Twin', '--client', 'Acme'], 'CANARY one');
  await idOf(['twin-b', '--service', 'Twin', '--client', 'Acme'], 'CANARY two');
  const { token } = await t.user({ scopes: ['msp:read'] });
  const away = { OPSKEEP_URL: 'http://127.0.0.1:1' };
  const wrong: [string[], number, RegExp, Record<string, string>?][] = [
    [['get'], 2, /Missing argument NAME/],
    [['get', 'twin-a', '--field', 'password', '--json'], 2, /--field/],
    [['get', 'twin-a', '--reason', 'x'], 2, /--reason/],
    [['add', 'x', '--type', 'nonsense'], 2, /--type/],
    [['add', 'x', '--secret', 'CANARY'], 2, /field=file/],
    [['rotate', 'twin-a', '--show'], 2, /--generate/],
    [['rotate', 'twin-a'], 2, /no new value/],
    [['get', 'twin-a', '--client', ''], 2, /empty/],
    [['list', '--client', ''], 2, /empty/],
    [['get', 'nobody'], 3, /There is no credential nobody/],
    [['get', 'twin-a', '--field', 'api_key'], 3, /twin-a has no api_key. It has: password/],
    [['get', 'twin-a', '--client', 'Acm'], 3, /There is no client Acm. There are: Acme/],
    [['otp', 'twin-a'], 1, /^this credential has no totp_secret\n$/],
    [['add', 'k', '--type', 'ssh_key', '--generate'], 2, /--generate makes no ssh_key/],
    [['get', 'Twin'], 1, /name one by its id\n {2}ID +NAME .*\n {2}[0-9a-f-]{36} {2}twin-/],
    [['add', 'twin-a', '--client', 'Acme'], 1, /name/],
    [['get', 'twin-a'], 3, /no credential/, { OPSKEEP_TOKEN: token }],
    [['get', 'twin-a'], 4, /not reachable/, away],
    [['get', 'twin-a', '--archived'], 3, /no archived credential twin-a/],
    [['list'], 4, /not reachable/, away],
  ];
  for (const [args, code, says, more] of wrong) {
    const left = await credential(args, args[0] === 'add' ? 'CANARY' : '', more);
    expect([args, left.code, left.stdout]).toEqual([args, code, '']);
    expect(left.stderr).toMatch(says);
    expect(left.stderr).not.toContain('CANARY');
  }
});

test('what is known of one is shown without its secrets, of an archived one, too', async () => {
  const [client_id, name] = [acme.id, 'shown'];
  const asset = await t.make('infrastructure', { client_id, hostname: 'acme-sw01' });
  const network = await t.make('networks', { client_id, name: 'Office' });
  const { id } = await t.make('credentials', {
    client_id, name, service_name: 'Aruba', credential_type: 'password', username: 'manager', password: 'CANARY shown',
    internal_url: 'https://10.0.0.2', custom_port: 8443, requires_vpn: true, reveal_policy: 'reason', tags: ['core'],
    notes: 'Rack 2\nbehind the door', expires_at: '2031-01-01T00:00:00Z', infrastructure_id: asset.id,
  }); // prettier-ignore
  await t.http('PUT', `/api/credentials/${id}/links/networks/${network.id}`);
  const shown = await credential(['show', 'SHOWN']);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  for (const says of [
    /^Name: +shown$/m, /^Client: +Acme$/m, /^Service: +Aruba$/m, /^User: +manager$/m, /^Internal address: +https:..10/m,
    /^Port: +8443$/m, /^Needs VPN: +yes$/m, /^Secrets: +password$/m, /^Revealing asks for: +reason$/m, /^Tags: +core$/m,
    /^Linked with: +acme-sw01 \(infrastructure\), Office \(networks\)$/m, /^Expires: +2031-01-01T/m,
    /^Notes:\n {2}Rack 2\n {2}behind the door$/m,
  ]) expect(shown.stdout).toMatch(says); // prettier-ignore
  expect(shown.stdout).not.toMatch(/CANARY|^(Archived|Address|Active|Needs 2FA):/m);
  const patch = {
    body: { archived_at: '2026-01-01T00:00:00Z' },
    headers: { 'x-opskeep-reason': 'It is gone' },
  };
  expect((await t.http('PATCH', `/api/credentials/${id}`, patch)).status).toBe(200);
  const gone = await credential(['show', name]);
  expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining(`--archived, or by its id ${id}`)]);
  const json = (await credential(['show', name, '--archived', '--json'])).json();
  expect(json).toMatchObject({
    id,
    notes: 'Rack 2\nbehind the door',
    archived_at: '2026-01-01T00:00:00.000Z',
  });
  expect(JSON.stringify(json)).not.toContain('CANARY');
  const listed = await credential(['list', '--archived', '--client', 'Acme', '--json']);
  expect(listed.json<Shown[]>().map(one => one.id)).toEqual([id]);
  expect((await credential(['list', '--client', 'Acme'])).stdout).not.toContain(String(id));
});

test('an empty secret is none', async () => {
  expect(await credential(['add', 'empty'], '\n')).toMatchObject({ code: 2, stdout: '' });
});

test('a device without end, a folder and an endless input are told, not read', async () => {
  const add = ['add', 'endless', '--file'];
  expect(await credential([...add, '/dev/zero'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/is a device/) }); // prettier-ignore
  expect((await credential([...add, machine.work])).stderr).toBe('The file that --file names is a folder.\n');
  const told = await credential(['add', 'endless', '--secret', 'password=-'], 'CANARY'.repeat(200_000));
  expect(told).toMatchObject({ code: 2, stderr: 'The standard input has more than 1 MiB.\n' });
});

test('several secrets come from files, and a certificate or key keeps its lines', async () => {
  const file = join(machine.work, 'secret');
  writeFileSync(file, 'CANARY-client-secret\n');
  const args = [
    'graph',
    '--type',
    'oauth',
    '--client',
    'Acme',
    '--secret',
    `client_secret=${file}`,
    '--secret',
    'token=-',
  ];
  const id = await idOf(args, 'CANARY-token\n');
  expect((await credential(['get', 'graph'])).stdout).toBe('CANARY-client-secret\n');
  expect((await credential(['get', id, '--field', 'token'])).stdout).toBe('CANARY-token\n');
  expect((await credential(['add', 'x', '--secret', `password=${file}.none`])).code).toBe(2);
});

test('rotating takes a value or has one made, and prints only what it is asked to', async () => {
  const id = await idOf(['turn', '--client', 'Acme'], 'CANARY first');
  const given = await credential(['rotate', 'turn'], 'CANARY second\n');
  expect(given).toMatchObject({ code: 0, stdout: '' });
  expect((await credential(['get', id])).stdout).toBe('CANARY second\n');
  const quiet = await credential(['rotate', 'turn', '--generate']);
  expect(quiet).toMatchObject({ code: 0, stdout: '' });
  const shown = await credential(['rotate', 'turn', '--generate', '--length', '40', '--show']);
  expect(shown.stdout).toMatch(/^.{40}\n$/);
  expect((await credential(['get', id])).stdout).toBe(shown.stdout);
  const versions = await t.http('GET', `/api/credentials/${id}/versions`);
  expect(versions.body.items).toHaveLength(4);
  await credential(['add', 'made', '--client', 'Acme', '--generate']);
  expect((await credential(['get', 'made'])).stdout).toMatch(/^.{24}\n$/);
});

test('one-time codes are printed, and what a policy asks for is given by options', async () => {
  const body = { credential_type: 'password', client_id: acme.id, password: 'CANARY', totp_secret: SEED };
  await t.make('credentials', { ...body, name: 'coded', service_name: 'Coded' });
  expect((await credential(['otp', 'coded'])).stdout).toMatch(/^\d{6}\n$/);
  expect((await credential(['otp', 'coded', '--json'])).json()).toMatchObject({ period: 30 });
  await t.make('credentials', { ...body, name: 'asked', service_name: 'Asked', reveal_policy: 'reason' });
  for (const verb of ['get', 'otp']) {
    const refused = await credential([verb, 'asked']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('--reason TEXT');
    expect((await credential([verb, 'asked', '--reason', 'Störung'])).code).toBe(0);
  }
  const user = await t.user();
  const factor = await enrol(t, user);
  const as = { OPSKEEP_TOKEN: user.token };
  const own = { ...body, client_id: null, name: 'own', service_name: 'Own', reveal_policy: 'otp' };
  await t.http('POST', '/api/credentials', { token: user.token, body: own });
  expect((await credential(['get', 'own'], '', as)).stderr).toContain('--otp CODE');
  expect(await credential(['get', 'own', '--otp', await factor.code()], '', as)).toMatchObject({
    stdout: 'CANARY\n',
  });
  expect(await credential(['get', 'own', '--otp', '-'], await factor.code(), as)).toMatchObject({
    stdout: 'CANARY\n',
  });
});

test('a token of the earlier credentials manager opens what it is made for, and nothing else', async () => {
  const id = await idOf(['for-token', '--client', 'Acme'], 'CANARY token');
  const other = await idOf(['not-for-token', '--client', 'Acme'], 'CANARY other');
  const made = await t.http('POST', '/api/access-tokens', {
    body: {
      name: 'one',
      scopes: ['msp:read'],
      resources: ['vault'],
      credential_ids: [id],
      actions: ['reveal'],
    },
  });
  const as = { OPSKEEP_TOKEN: '', CREDENTIALS_MANAGER_TOKEN: String(made.body.token) };
  expect((await credential(['get', 'for-token'], '', as)).stdout).toBe('CANARY token\n');
  const closed = await credential(['get', other], '', as);
  expect(closed).toMatchObject({ code: 1, stdout: '' });
  expect(closed.stderr).toMatch(/needs the grant reveal/);
  expect((await credential(['get', 'for-token', '--client', 'Acme'], '', as)).stderr).toContain(
    'name the client by its id',
  );
  expect((await credential(['get', 'for-token', '--client', String(acme.id)], '', as)).code).toBe(0);
  expect((await credential(['list'], '', as)).stdout).toContain(String(acme.id));
});

test('on a terminal a table fits, and a hostile name commands nothing', async () => {
  const hostile = '\u001b]0;owned\u0007\u009b31m日本語 and more words than there is room for in a line';
  const id = await idOf(['wide', '--client', 'Acme'], 'CANARY\u001b[2J');
  // The server takes no such name: it came there in another way.
  await t.change('UPDATE credentials SET service_name = ? WHERE id = ?', [hostile, id]);
  const program = join(await buildClient(), 'opskeep.cjs');
  const typed = (line: string, more = {}) =>
    promisify(execFile)(
      'script',
      ['-qec', `stty cols 100; ${process.execPath} ${program} ${line}`, '/dev/null'],
      {
        env: { ...machine.environment, TERM: 'xterm', ...more },
      },
    ).then(({ stdout }) => stdout);
  const shown = await typed('credential list --client Acme');
  expect(shown).toContain('\u001b[1mID ');
  expect(shown.replace(/\u001b\[(?:1|0)m/g, '')).not.toMatch(/[\u001b\u0007\u009b]/);
  expect(shown).toContain('…');
  for (const line of shown.split('\r\n'))
    expect(widthOf(line.replaceAll(/\u001b\[\dm/g, ''))).toBeLessThanOrEqual(100);
  expect(await typed('credential list --client Acme', { NO_COLOR: '1' })).not.toContain('\u001b');
  const piped = await credential(['list', '--client', 'Acme', '--json']);
  expect(piped.stdout).not.toMatch(/\u009b/);
  expect(piped.json<Shown[]>().some(one => one.service_name === hostile)).toBe(true);
  expect(await typed('credential get wide')).not.toContain('\u001b');
  expect((await credential(['get', 'wide'])).stdout).toBe('CANARY\u001b[2J\n');
});

test('a second person is asked for an approval, and decides', async () => {
  const added = await credential(
    ['add', 'eyes', '--client', 'Acme', '--policy', 'approval'],
    'CANARY eyes\n',
  );
  expect(added).toMatchObject({ code: 0, stderr: '' });
  const refused = await credential(['get', 'eyes']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('ask for it by opskeep credential request NAME --reason TEXT');
  const other = await t.user();
  expect(await credential(['request', 'eyes'])).toMatchObject({ code: 2 });
  const asked = await credential(['request', 'eyes', '--reason', 'The mail server is down', '--json']);
  expect(asked.stderr).toBe('');
  const { id: request, credential_id } = asked.json();
  expect(added.stdout).toContain(String(credential_id));
  const asOther = { OPSKEEP_TOKEN: other.token };
  expect((await credential(['requests'])).stdout).not.toContain(String(request));
  expect((await credential(['requests'], '', asOther)).stdout).toMatch(/eyes .*The mail server is down/);
  expect(await credential(['refuse', String(request)], '', asOther)).toMatchObject({ code: 2 });
  expect((await credential(['approve', String(request)])).stderr).toContain('of their own');
  const approved = await credential(['approve', String(request), '--note', 'Go ahead'], '', asOther);
  expect(approved).toMatchObject({ code: 0, stdout: 'eyes: approved.\n' });
  expect((await credential(['get', 'eyes'])).stdout).toBe('CANARY eyes\n');
  expect((await credential(['get', 'eyes'])).code).toBe(1);
});

test('a link is made for somebody without a login: its address alone goes to the standard output', async () => {
  expect((await credential(['add', 'linked', '--client', 'Acme'], 'CANARY linked\n')).code).toBe(0);
  expect(await credential(['share', 'linked'])).toMatchObject({ code: 2, stdout: '' });
  for (const wrong of [
    ['--views', '21'],
    ['--hours', '0'],
    ['--views', 'many'],
  ])
    expect(await credential(['share', 'linked', '--reason', 'for the site', ...wrong])).toMatchObject({
      code: 2,
    });
  const made = await credential([
    'share',
    'linked',
    '--reason',
    'for the site',
    '--views',
    '2',
    '--hours',
    '1',
  ]);
  expect(made).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^Opens linked 2 times, until 20/) as string,
  });
  const [, token] = /^http:\/\/[^\s]+\/share#([\w-]+)\.[\w-]+\n$/.exec(made.stdout) ?? [];
  const redeem = (body: object) => t.http('POST', '/api/shares/redeem', { token: null, body });
  expect((await redeem({ token })).body).toMatchObject({ views_left: 1 });
  const locked = await credential(
    ['share', 'linked', '--reason', 'for the site', '--passphrase', '--json'],
    'CANARY pass\n',
  );
  const [given] = String(locked.json().url).split('#')[1]?.split('.') ?? [];
  expect((await redeem({ token: given })).status).toBe(403);
  expect((await redeem({ token: given, passphrase: 'CANARY pass' })).status).toBe(200);
});
