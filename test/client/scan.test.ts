import fc from 'fast-check';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileKind } from '../../src/client/scan/files.js';
import { credentialsIn, look } from '../../src/client/scan/look.js';
import { previewOf } from '../../src/client/scan/preview.js';
import { type Shown, startApp, type TestApp } from '../app.js';
import { type Left, type Machine, makeMachine } from './machine.js';

jest.setTimeout(180_000);

/** What is found, in short: service, user, secrets. */
const found = (
  text: string,
  kind: FileKind = 'markdown',
  path = `notes/x.${kind === 'env' ? 'env' : 'md'}`,
) => credentialsIn(path, kind, text).map(({ service, username, secrets }) => [service, username, secrets]);

test('nothing that is shown holds a secret, where people leave one in a name or a heading, too', () => {
  const text = [
    '# Firewall pw Sommer2026!CANARY',
    'User: admin / Winter2026!CANARY',
    'Password: CANARY-own 1',
    '## NAS (Herbst2026!CANARY)',
    'User: svc-CANARY-own 2',
    'URL: https://nas.example/?token=CANARYabc123',
    'Password: CANARY-own 2',
    '## Server 2019 of Acme',
    'User: HDG\\Administrator2',
    'Password: CANARY-own 3',
  ].join('\n');
  const shown = credentialsIn('x.md', 'markdown', text).map(previewOf);
  expect(JSON.stringify(shown)).not.toMatch(/CANARY|2026/);
  expect(shown[0]?.username).toMatch(/^admin \/ /);
  expect(shown[2]).toEqual({ service: 'Server 2019 of Acme', username: 'HDG\\Administrator2', url: null });
});

describe('what people write down is read', () => {
  test('below headings, in lists, bold, code and quotes, by every alias', () => {
    const text = [
      '# Acme',
      'The password is under the mat. Key: none, Token: see the vault',
      '## Fire_wall `OPN`',
      '- **Username:** admin',
      '* __Password__: `CANARY|1: x`',
      '1. API-Key = "CANARY-key-1"',
      '### Login',
      '> User: backup',
      '> pwd: CANARY two',
      'Mail server',
      '-----------',
      'LOGIN: info@acme.example',
      'Pass: CANARY three  ',
      'Access Token (read only): CANARY-token-1',
      '**Portal:**',
      'Conn_Str: Server=db1;Password=CANARY4',
      'Client Secret: <client secret>',
      'Bearer: ${TOKEN}',
      'Secret: CANARY-secret-1',
      'password:',
    ].join('\n');
    expect(found(text)).toEqual([
      ['Fire_wall OPN', 'admin', { password: 'CANARY|1: x' }],
      ['Fire_wall OPN', 'admin', { api_key: 'CANARY-key-1' }],
      ['Fire_wall OPN', 'backup', { password: 'CANARY two' }],
      ['Mail server', 'info@acme.example', { password: 'CANARY three' }],
      ['Mail server', 'info@acme.example', { token: 'CANARY-token-1' }],
      ['Portal', null, { connection_string: 'Server=db1;Password=CANARY4' }],
      ['Portal', null, { client_secret: 'CANARY-secret-1' }],
    ]);
  });

  test('with what else is said of them; a key that comes again begins another', () => {
    const text = [
      '# Shop',
      'Host: https://shop.example',
      'Port: 8443',
      'Type: shared secret',
      'Description: of the till',
      'Notes: rotate in May',
      'Password: CANARY 1',
      'Address: 10.0.0.7',
      'Password: CANARY 2',
    ].join('\n');
    const facts = { url: 'https://shop.example', port: 8443, notes: 'of the till\nrotate in May' };
    expect(credentialsIn('x.md', 'markdown', text)).toMatchObject([
      { line: 7, type: 'shared_secret', ...facts, secrets: { shared_secret: 'CANARY 1' } },
      { line: 9, type: 'password', url: '10.0.0.7', secrets: { password: 'CANARY 2' } },
    ]);
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.CANARYsig';
    expect(credentialsIn('x.md', 'markdown', `Token: ${jwt}`)).toMatchObject([
      { type: 'jwt', secrets: { token: jwt } },
    ]);
  });

  test('in tables, with the keys above the columns or beside the values', () => {
    const text = [
      '# Acme',
      '| Where | System | **User** | Password | URL |',
      '|:--|---|---|---|--:|',
      '| here | NAS | root | `CANARY\\|1` | <https://nas.example> |',
      '| here | Printer | admin | - | |',
      '| there | | anna | CANARY 2 | [web](http://10.0.0.9) |',
      '',
      '## Cloud',
      '| Key | Value | Notes |',
      '|---|---|---|',
      '| Username | api | |',
      '| API key | CANARY-key-2 | live |',
      '',
      'User | Password',
      '--- | ---',
      'x | CANARY 3',
    ].join('\n');
    expect(found(text)).toEqual([
      ['NAS', 'root', { password: 'CANARY|1' }],
      ['Acme', 'anna', { password: 'CANARY 2' }],
      ['Cloud', 'api', { api_key: 'CANARY-key-2' }],
      ['Cloud', 'x', { password: 'CANARY 3' }],
    ]);
    expect(credentialsIn('x.md', 'markdown', text)[0]).toMatchObject({ line: 4, url: 'https://nas.example' });
  });

  test('in variables, by what stands before the key; not what is public, a path, a reference or still to be filled in', () => {
    const text = [
      '\ufeffACME_DB_HOST=db1',
      'ACME_DB_USER=app',
      'export ACME_DB_PASSWORD="CANARY # 1"',
      'DATABASE_URL=postgres://app:CANARY2@db1/app',
      'REDIS_URL=redis://db1',
      'NEXT_PUBLIC_KEY=CANARY-public',
      'SSL_KEY=/etc/ssl/private/site.key',
      'MAIL_PASSWORD=opskeep://local/MAIL',
      'A_TOKEN=$GITHUB_TOKEN',
      'B_TOKEN=your-token-here',
      'C_SECRET=[redacted:secret]',
      'D_TOKEN=short',
      '# OLD_PASSWORD=CANARY old',
      '# --- Stripe ---',
      'API_KEY=CANARY-stripe-1',
    ].join('\n');
    expect(found(text, 'env', 'shop/.env')).toEqual([
      ['ACME_DB', 'app', { password: 'CANARY # 1' }],
      ['DATABASE', null, { connection_string: 'postgres://app:CANARY2@db1/app' }],
      ['Stripe', null, { api_key: 'CANARY-stripe-1' }],
    ]);
    expect(found('PASSWORD=CANARY 1', 'env', 'shop/.env')[0]?.[0]).toBe('shop');
    expect(found(['# A', '```sh', '# B', 'X_USER=u', 'X_PASSWORD=CANARY 1', '```'].join('\n'))).toEqual([
      ['X', 'u', { password: 'CANARY 1' }],
    ]);
  });

  test('in text, where a paragraph begins with its name', () => {
    const text =
      'Acme VPN:\r\nUser = anna\r\nPass = CANARY 1\r\n\r\n[wifi]\r\npwd: CANARY 2\r\n\r\nPassword: see KeePass\r\n';
    expect(found(text, 'text')).toEqual([
      ['Acme VPN', 'anna', { password: 'CANARY 1' }],
      ['wifi', null, { password: 'CANARY 2' }],
    ]);
  });

  test('whatever stands there, in time in proportion to its length', () => {
    const pieces = fc.constantFrom(
      '#',
      ' ',
      '\n',
      '|',
      '-',
      '*',
      '_',
      '`',
      ':',
      '=',
      'Password',
      'API_KEY',
      'x',
      '"',
      "'",
      '\\',
      '[',
      '](',
      '$',
      '\ud800',
      '```\n',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }),
        fc.constantFrom<FileKind>('markdown', 'env', 'text'),
        (parts, kind) => {
          for (const one of credentialsIn('x', kind, parts.join('')))
            expect(Object.values(one.secrets)).not.toContain('');
        },
      ),
    );
    const long = [
      '# ',
      '**',
      '|',
      '| - ',
      'a_',
      '[](',
      '`',
      '"',
      'A_B=',
      '- ',
      '=',
      '( ',
      '\\|',
      '#-',
      ' :',
      'Password: x.\n',
      '$(',
      'x y ',
    ];
    const began = process.cpuUsage();
    for (const one of long)
      for (const kind of ['markdown', 'env', 'text'] as const) {
        credentialsIn('x', kind, one.repeat(100_000 / one.length));
        credentialsIn('x', kind, `Password: ${one.repeat(4_000 / one.length)}!\n`.repeat(20));
        credentialsIn('x', kind, `${one.repeat(4_000 / one.length)}!\n`.repeat(20));
      }
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(6_000);
  });
});

describe('opskeep scan', () => {
  let t: TestApp;
  let machine: Machine;
  const put = (path: string, text: string | Buffer) => {
    const file = join(machine.work, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const scan = (...args: string[]) => machine.run(['scan', ...args]);
  const services = (left: Left) => left.json<{ found: Shown[] }>().found.map(one => one.service);

  beforeAll(async () => {
    t = await startApp();
    machine = await makeMachine({ url: await t.listen(), token: t.admin.token });
    put(
      'docs/fw.md',
      '# Firewall\nURL: https://root:CANARY0@fw.example\nUsername: admin\nPassword: CANARY 1\u001b[2J\n',
    );
    put('docs/deep/er/n.txt', 'NAS\nPassword: CANARY 2 a much longer one\n');
    put('.env.production', 'SMTP_USER=mail\nSMTP_PASSWORD=CANARY 3\nSMTP_URL=smtp.example\nSMTP_PORT=587\n');
    put('node_modules/x/README.md', '# Not ours\nPassword: CANARY\n');
    put('build/.env', 'OURS_PASSWORD=CANARY\n');
    put('code.ts', 'Password: CANARY\n');
    put('utf16.txt', Buffer.from('\ufeffWindows\r\nPassword: CANARY 5\r\n', 'utf16le'));
    put('binary.md', Buffer.from([0, 1, 2, 0xff]));
    put('latin.md', Buffer.from('# M\xfcller\nPassword: CANARY', 'latin1'));
    put('large.md', `${'x'.repeat(1 << 20)}\nPassword: CANARY`);
    mkdirSync(join(machine.home, 'elsewhere'));
    writeFileSync(join(machine.home, 'elsewhere', 'e.md'), '# Elsewhere\nPassword: CANARY\n');
    symlinkSync(join(machine.home, 'elsewhere'), join(machine.work, 'link'));
    symlinkSync(join(machine.home, 'elsewhere', 'e.md'), join(machine.work, 'link.md'));
    symlinkSync(machine.work, join(machine.work, 'loop'));
  });
  afterAll(async () => {
    machine.remove();
    await t.close();
  });

  test('shows what is there without values, whose lengths it does not tell, and what it left out', async () => {
    const shown = await scan('.');
    expect(shown.code).toBe(0);
    expect(shown.stdout + shown.stderr).not.toMatch(/CANARY|\u001b/);
    expect(shown.stdout.match(/password=\*+/g)).toEqual(Array(4).fill('password=********'));
    expect(shown.stderr).toMatch(
      /binary\.md was left out: no text\.\nlarge\.md was left out: larger.*\nlatin\.md was left out/,
    );
    expect(shown.stderr).toMatch(/ Store them: opskeep scan \. --import\n$/);
    put("it's $x/-n.md", '# A\nPassword: CANARY 1\n');
    expect((await scan("it's $x")).stderr).toContain(` Store them: opskeep scan 'it'\\''s $x' --import\n`);
    rmSync(join(machine.work, "it's $x"), { recursive: true });
    const told = await scan('.', '--json');
    expect(told.stdout).not.toContain('CANARY');
    expect(services(told)).toEqual(['SMTP', 'NAS', 'Firewall', 'Windows']);
    expect(told.json<{ found: Shown[] }>().found[2]).toEqual({
      ...{ file: 'docs/fw.md', line: 2, service: 'Firewall', type: 'connection_string', username: 'admin' },
      ...{ url: null, port: null, fields: ['connection_string', 'password'] },
    });
    expect(services(await scan('docs', '../../elsewhere', 'link.md', '--json'))).toContain('Elsewhere');
    expect(services(await scan('code.ts', '--json'))).toEqual(['code']);
    expect((await scan('none')).code).toBe(3);
    expect([
      (await scan()).code,
      (await scan('.', '--vault')).code,
      (await scan('.', '--client', 'x')).code,
    ]).toEqual([2, 2, 2]);
  });

  test('--import stores at the server, once, on its trail; it tells the same secret elsewhere', async () => {
    await t.make('clients', { name: 'Acme & Co' });
    const missing = await scan('.', '--import', '--client', 'Nobody');
    expect(missing).toMatchObject({ code: 3, stdout: '' });
    const first = (
      await scan('.env.production', 'docs', '--import', '--client', 'Acme & Co', '--json')
    ).json<{ found: Shown[] }>();
    expect(first.found.map(one => one.result)).toEqual(['stored', 'stored', 'stored']);
    const smtp = (await t.http('GET', `/api/credentials/${first.found[0]?.as}`)).body;
    expect(smtp).toMatchObject({
      ...{ credential_type: 'password', service_name: 'SMTP', username: 'mail', password: 'CANARY 3' },
      ...{ custom_port: 587, external_url: null, notes: 'Address: smtp.example' },
    });
    expect(smtp.client_id).not.toBeNull();
    const entries = (await t.http('GET', `/api/credential-audit-logs/by-credential/${first.found[0]?.as}`))
      .body;
    expect((entries.items as Shown[]).map(one => one.action)).toContain('create');
    const again = await scan('.env.production', 'docs', '--import', '--client', 'Acme & Co');
    expect(again.stdout.match(/there already/g)).toHaveLength(3);
    put('again.env', 'SMTP_USER=other\nSMTP_PASSWORD=CANARY 3\n');
    const twin = await scan('again.env', '--import', '--client', 'pool');
    expect(twin.stdout).toContain(`the same secret is in ${first.found[0]?.as}`);
    expect(await t.sql('SELECT id FROM credentials')).toHaveLength(first.found.length + 1);
  });

  test('what the server refuses is told, and exit code 1; when it is away, 4', async () => {
    put('bad.md', `# ${'x'.repeat(200)}\nUsername: ${'y'.repeat(300)}\nPassword: CANARY 9\n`);
    const refused = await scan('bad.md', '--import');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/refused: .*username/) });
    expect(refused.stdout + refused.stderr).not.toContain('CANARY');
    const away = await machine.run(['scan', 'docs', '--import'], '', {
      OPSKEEP_URL: 'http://127.0.0.1:1',
      OPSKEEP_TOKEN: 'x',
    });
    expect(away).toMatchObject({ code: 4, stdout: '' });
  });

  test('--import --vault stores in the local vault, under names that run can use', async () => {
    expect((await scan('docs', '--import', '--vault')).code).toBe(3);
    await machine.run(['vault', 'init']);
    put(
      'two.md',
      '# Müller 3\nUser: a\nPassword: CANARY a\nUser: b\nPassword: CANARY b\nUser: b\nPassword: CANARY c\n',
    );
    const stored = await scan('.env.production', 'two.md', '--import', '--vault', '--json');
    expect(stored.json<{ found: Shown[] }>().found.map(one => [one.result, one.as])).toEqual([
      ['stored', 'SMTP_PASSWORD'],
      ['stored', 'MULLER_3_PASSWORD'],
      ['stored', 'MULLER_3_B_PASSWORD'],
      ['stored', 'MULLER_3_B_PASSWORD_2'],
    ]);
    expect((await machine.run(['vault', 'get', 'SMTP_PASSWORD', '--full'])).json()).toMatchObject({
      ...{ value: 'CANARY 3', type: 'password', service: 'SMTP' },
      metadata: { username: 'mail', url: 'smtp.example', port: 587 },
    });
    expect((await scan('.env.production', '--import', '--vault')).stdout).toMatch(
      /there already as SMTP_PASSWORD/,
    );
  });

  test('--import stores no secret in a name, an address or a note: it goes into one of its own, and that is told', async () => {
    put(
      'beside.md',
      [
        '# Router',
        'User: root / Winter2026!CANARY',
        'Password: CANARY router',
        'URL: https://router.example/?token=CANARYabc1234567',
        'Notes: the old one is CANARY router, the API takes ghp_CANARY00aaaa1111bbbb2222cccc3333dddd4444',
      ].join('\n'),
    );
    const shown = await scan('beside.md');
    expect(shown.stdout).toMatch(
      /Router +root \/ .redacted:password. +password .*\n.*Router: beside it +shared_secret /,
    );
    expect(shown.stderr).toMatch(/^Names, addresses or notes of 1 credential hold secrets, too: /m);
    const stored = await scan('beside.md', '--import', '--client', 'pool', '--json');
    const [router, beside] = stored.json<{ found: Shown[] }>().found.map(one => one.as as string);
    const [row] = (await t.sql(`SELECT * FROM credentials WHERE id = '${router}'`)) as Shown[];
    expect(JSON.stringify(row)).not.toContain('CANARY');
    expect(row).toMatchObject({ external_url: null, notes: 'Sealed beside it: User name, Address, Notes' });
    expect((await t.http('GET', `/api/credentials/${beside}`)).body.shared_secret).toMatch(
      /^User name: root \/ Winter2026!CANARY\nAddress: https:.*\nNotes: the old one is CANARY router, /,
    );
  });

  test('a search that finds no end says so', () => {
    for (const bounds of [
      { files: 2, milliseconds: 60_000 },
      { files: 100, milliseconds: -1 },
    ])
      expect(look([machine.work], bounds)).toMatchObject({ complete: false });
    expect(look([machine.work]).complete).toBe(true);
  });

  test('a large file is not read beyond the time', () => {
    const text = `# A\nPassword: CANARY first\n${'x\n'.repeat(2_000)}# B\nPassword: CANARY last\n`;
    let asked = 0;
    const read = credentialsIn('large.md', 'markdown', text, () => ++asked > 4);
    expect(read.map(one => one.service)).toEqual(['A']);
    expect(credentialsIn('large.md', 'markdown', text).map(one => one.service)).toEqual(['A', 'B']);
  });
});
