import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Progress } from '../src/commands/output.js';
import { startApp, type TestApp } from './app.js';
import { environmentBeside, runCommand, type Ran } from './harness/command.js';
import { runInside } from './harness/command-inside.js';
import { freshDatabase } from './harness/database.js';
import { freePort } from './harness/free-port.mjs';
import { entriesOf } from './harness/journal.js';
import { call, environmentOf, logIn, spawnServer, untilReady } from './harness/server.js';

jest.setTimeout(180_000);

const PASSWORD = 'CANARY seven quiet lanterns 31';
const NEW_PASSWORD = 'CANARY eleven loud harbours 64';

describe('without any installation', () => {
  let folder: string;
  const run = (...args: string[]) => runCommand({ OPSKEEP_DATA: folder }, args);
  const inside = (...args: string[]) => runInside({ OPSKEEP_DATA: folder }, args);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opskeep-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('help on every level, on stdout', async () => {
    const levels = {
      '': 'admin',
      'admin user': 'reset-totp',
      'admin user add': '--password-stdin',
    };
    const runs = await Promise.all(
      Object.keys(levels).map(line =>
        run(...line.split(' ').filter(part => part !== ''), ...(line ? ['--help'] : [])),
      ),
    );
    Object.values(levels).forEach((expected, index) => {
      expect(runs[index]).toMatchObject({ code: 0, stderr: '' });
      expect(runs[index]?.stdout).toContain(expected);
    });
  });

  test('wrong usage is 2, says what, and repeats no secret', async () => {
    const runs = await Promise.all([
      run('admin', 'nonsense'),
      inside('admin', 'user', 'add', 'a@canary.test', '--password=CANARY secret'),
      inside('admin', 'user', 'add', 'not an address'),
      inside('admin', 'user', 'add', 'a@canary.test', '--scopes', 'everything'),
      inside('admin', 'user', 'add', 'a@canary.test', '--password-stdin', '--password-prompt'),
      inside('admin', 'user', 'add', 'a@canary.test', '--password-file', '/nowhere/at/all'),
      inside('admin', 'audit', 'verfy'),
      inside('admin', 'user', 'add'),
    ]);
    for (const { code, stdout, stderr } of runs) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).not.toBe('');
      expect(stderr).not.toMatch(/CANARY|^\s+at /m);
    }
    expect(runs[0]?.stderr).toBe('There is no command nonsense here. See --help.\n');
    expect(runs.at(-2)?.stderr).toBe('There is no command verfy here. Did you mean verify? See --help.\n');
    expect(runs[1]?.stderr).toBe("Unknown option '--password=…'.\nSee --help.\n");
    expect(runs.at(-1)?.stderr).toBe("Missing required argument 'email'.\nSee --help.\n");
    expect(runs[2]?.stderr).toContain('email: ');
    expect(runs[3]?.stderr).toContain('scopes');
  });

  test('keys generate makes 32 bytes as url-safe base64, each time others, needing nothing', async () => {
    const [one, two, file] = await Promise.all([
      run('admin', 'keys', 'generate'),
      inside('admin', 'keys', 'generate', '--json'),
      run('admin', 'keys', 'generate', '--out', 'new.key'),
    ]);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(one.stdout).toMatch(/^[\w-]{43}=\n$/);
    expect(Buffer.from(one.stdout.trim(), 'base64url')).toHaveLength(32);
    expect(two.json().key).not.toBe(one.stdout.trim());
    expect(file.stdout).toBe('new.key\n');
    const path = join(folder, 'new.key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toMatch(/^[\w-]{43}=\n$/);
    expect(await run('admin', 'keys', 'generate', '--out', 'new.key')).toMatchObject({
      code: 2,
      stderr: 'new.key is there already; a key overwrites nothing\n',
    });
  });

  test('a checkpoint that is not there is what is missing, not the database', async () => {
    expect(await inside('admin', 'audit', 'verify', '--checkpoint', 'nofile')).toMatchObject({
      code: 3,
      stderr: 'There is no file nofile\n',
    });
  });

  test('a command in the wrong folder says that nothing is there, and makes nothing', async () => {
    const before = await readdir(folder);
    const lines = [
      ['audit', 'verify'],
      ['user', 'list', '--json'],
      ['migrate', 'status'],
    ];
    for (const ran of await Promise.all(lines.map(words => inside('admin', ...words)))) {
      expect(ran).toMatchObject({ code: 1, stdout: '' });
      expect(ran.stderr).toContain(`There is no installation in ${folder}: `);
    }
    const elsewhere = {
      OPSKEEP_DATA: folder,
      DATABASE_URL: `sqlite:${join(folder, 'mistyped', 'main.sqlite')}`,
    };
    expect((await runCommand(elsewhere, ['admin', 'token', 'list'])).code).toBe(1);
    expect(await readdir(folder)).toEqual(before);
  });

  test('progress that was told ends with its last line', () => {
    const lines: string[] = [];
    const { isTTY } = process.stderr;
    const spies = [
      jest.spyOn(process.stderr, 'write').mockImplementation(text => lines.push(String(text)) > 0),
      jest.spyOn(Date, 'now').mockReturnValueOnce(0).mockReturnValueOnce(0).mockReturnValue(2_000),
    ];
    process.stderr.isTTY = false;
    const progress = new Progress('Steps');
    for (const done of [1, 2, 3]) progress.at(done, 3);
    progress.end();
    process.stderr.isTTY = isTTY;
    spies.forEach(spy => spy.mockRestore());
    expect(lines).toEqual(['Steps: 2 of 3 (66 %)\n', 'Steps: 3 of 3 (100 %)\n']);
  });

  test('openapi describes the API', async () => {
    const { code, json } = await run('admin', 'openapi');
    expect(code).toBe(0);
    const { openapi, paths } = json<{ openapi: string; paths: Record<string, unknown> }>();
    expect(openapi).toMatch(/^3\.1/);
    expect(paths).toHaveProperty(['/api/clients']);
  });

  test('faulty settings are all named, without their values', async () => {
    const faulty = { OPSKEEP_DATA: folder, PORT: 'CANARY', JWT_SECRET_KEY: 'CANARY' };
    const { code, stdout, stderr } = await runInside(faulty, ['admin', 'doctor']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/PORT: .*\n.*JWT_SECRET_KEY: /);
    expect(stderr).not.toContain('CANARY');
  });

  test('a database that is away is 4, in words and without its password', async () => {
    const port = await freePort();
    const url = (name: string) => `mysql://someone:CANARYpassword@127.0.0.1:${port}/${name}`;
    const away = {
      OPSKEEP_DATA: folder,
      LOG_LEVEL: 'error',
      DATABASE_URL: url('main'),
      KEYSTORE_DATABASE_URL: url('keys'),
    };
    const commands = [
      ['user', 'list'],
      ['migrate', 'run'],
    ];
    for (const { code, stdout, stderr } of await Promise.all([
      ...commands.map(words => runInside(away, ['admin', ...words])),
      runCommand(away, ['admin', 'serve']),
    ])) {
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(stderr).toContain('not reachable');
      expect(stderr).not.toMatch(/CANARY|^\s+at /m);
    }
    // Alone: an error of Node.js is no Error to what Jest has loaded.
    const doctor = await runCommand(away, ['admin', 'doctor', '--json']);
    expect(doctor).toMatchObject({ code: 4, stderr: expect.stringContaining('not reachable') as string });
    const { ok, settings } = doctor.json<{ ok: boolean; settings: { name: string; value: string }[] }>();
    expect(ok).toBe(false);
    expect(settings.find(one => one.name === 'DATABASE_URL')?.value).toBe(
      url('main').replace('CANARYpassword', '***'),
    );
  });
});

describe('beside a running server', () => {
  let t: TestApp;
  const run = (line: string): Promise<Ran> => runInside(environmentBeside(t), ['admin', ...line.split(' ')]);
  const runAlone = (line: string, input?: string): Promise<Ran> =>
    runCommand(environmentBeside(t), ['admin', ...line.split(' ')], input);
  const login = (email: string, password: string) =>
    t.http('POST', '/api/auth/login', { body: { email, password }, token: null });
  const me = async (token: string) => (await t.http('GET', '/api/auth/me', { token })).status;

  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  test('a user is added with a generated password that is shown once', async () => {
    const client = await t.client();
    const added = await run(
      `user add Ada@canary.test --name Ada --scopes msp:read,msp:write --client ${client} --json`,
    );
    expect(added.code).toBe(0);
    const user = added.json<{ id: string; password: string; email: string }>();
    expect(user).toMatchObject({
      email: 'ada@canary.test',
      scopes: ['msp:read', 'msp:write'],
      client_access: 'only',
      client_ids: [client],
    });
    expect(`${added.stdout}${added.stderr}`.split(user.password)).toHaveLength(2);
    expect((await login('ada@canary.test', user.password)).status).toBe(200);
    const [entry] = await entriesOf(t, user.id);
    expect(entry).toMatchObject({ action: 'user.create', actor_id: 'command line' });
    expect(entry?.details).toMatchObject({
      command: 'opskeep admin user add',
      os_user: expect.any(String) as string,
    });
    expect(JSON.stringify(await t.sql('SELECT * FROM journal'))).not.toContain(user.password);

    const twice = await run('user add ada@canary.test');
    expect(twice.code).toBe(1);
    expect(twice.stdout).toBe('');
    expect(twice.stderr).toContain('already exists');
  });

  test('a password comes from stdin, is checked, and is never shown', async () => {
    const weak = await runAlone('user add bob@canary.test --password-stdin', 'password1234\n');
    expect(weak.code).toBe(1);
    expect(weak.stderr).toContain('easy to guess');
    const added = await runAlone('user add bob@canary.test --password-stdin', `${PASSWORD}\n`);
    expect(added.code).toBe(0);
    expect(`${added.stdout}${added.stderr}`).not.toContain('CANARY');
    const { body } = await login('bob@canary.test', PASSWORD);

    const reset = await runAlone('user reset-password bob@canary.test --password-stdin', NEW_PASSWORD);
    expect(reset.code).toBe(0);
    expect(await me(body.access_token)).toBe(401);
    expect((await login('bob@canary.test', PASSWORD)).status).toBe(401);
    expect((await login('bob@canary.test', NEW_PASSWORD)).status).toBe(200);
  });

  test('a reset opens a locked account', async () => {
    const user = await t.user({ email: 'locked@canary.test' });
    for (let count = 0; count < 5; count++) await login(user.email, 'wrong');
    expect((await login(user.email, user.password)).status).toBe(401);
    const { code, stdout, stderr } = await run(`user reset-password ${user.email}`);
    expect(code).toBe(0);
    expect(stderr).not.toContain(stdout.trim());
    expect((await login(user.email, stdout.trim())).status).toBe(200);
  });

  test('scopes are shown and replaced, users listed and disabled', async () => {
    const user = await t.user({ scopes: ['msp:read'] });
    expect((await run(`user scopes ${user.email}`)).stdout).toBe('msp:read\n');
    const wider = await run(`user scopes ${user.email} msp:read msp:write --json`);
    expect(wider.json()).toEqual({ email: user.email, scopes: ['msp:read', 'msp:write'] });
    expect(await me(user.token)).toBe(401);
    const again = await login(user.email, user.password);
    expect((await run(`user disable ${user.email}`)).code).toBe(0);
    expect(await me(again.body.access_token)).toBe(401);
    expect((await login(user.email, user.password)).status).toBe(401);
    const listed = (await run('user list --json')).json<{ email: string; is_active: boolean }[]>();
    expect(listed.find(one => one.email === user.email)).toMatchObject({ is_active: false });
    expect(JSON.stringify(listed)).not.toMatch(/password|totp_sealed/);
  });

  test('access tokens are issued for a user, once on stdout, listed and revoked', async () => {
    const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const issued = await runAlone(
      `token issue ${user.email} --name agent --scopes msp:read --resources estate --expires 2h`,
    );
    expect(issued.code).toBe(0);
    const token = issued.stdout.trim();
    expect(issued.stderr).not.toContain(token);
    expect(await me(token)).toBe(200);
    const listed = await run(`token list --user ${user.email} --json`);
    const [row] = listed.json<{ id: string; name: string; user_id: string }[]>();
    expect(row).toMatchObject({ name: 'agent', user_id: user.id, resources: ['estate'] });
    expect(listed.stdout).not.toContain(token.split('_')[2] ?? token);
    const [entry] = await entriesOf(t, row?.id ?? '');
    expect(entry).toMatchObject({ action: 'access_token.create', actor_id: 'command line' });
    expect(entry?.details).toMatchObject({ command: 'opskeep admin token issue' });
    const beyond = { '--scopes msp:admin': 1, '--resources nothing': 2, '--expires 400d': 1 };
    for (const [words, code] of Object.entries(beyond))
      expect([words, (await run(`token issue ${user.email} ${words}`)).code]).toEqual([words, code]);
    expect((await run(`token revoke ${row?.id}`)).code).toBe(0);
    expect(await me(token)).toBe(401);
    expect((await run('token revoke 01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11')).code).toBe(3);
  });

  test('a lost second factor is taken away', async () => {
    const user = await t.user();
    await t.opened.database.connections.commitOne('UPDATE users SET totp_enrolled = 1 WHERE id = ?', [
      user.id,
    ]);
    expect((await login(user.email, user.password)).status).toBe(401);
    expect((await run(`user reset-totp ${user.email}`)).code).toBe(0);
    expect(await me(user.token)).toBe(401);
    expect((await login(user.email, user.password)).status).toBe(200);
    expect((await entriesOf(t, user.id)).map(one => one.action)).toContain('user.totp_reset');
  });

  test('an unknown user is 3', async () => {
    const { code, stdout, stderr } = await run('user disable nobody@canary.test');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('nobody@canary.test');
  });

  test('demo seed makes the demo once, without known secrets', async () => {
    await t.client();
    const refused = await run('demo seed --years 0');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/clients? here that (is|are) not of the demo.*--yes\. Nothing was made/);
    const first = await runAlone('demo seed --years 0 --yes --json');
    expect(first.code).toBe(0);
    const { resources } = first.json<{ resources: { resource: string; created: number }[] }>();
    expect(resources.find(one => one.resource === 'clients')?.created).toBe(5);
    const count = () =>
      t.sql<{ total: number }>('SELECT COUNT(*) AS total FROM journal WHERE action LIKE ?', ['%.create']);
    const before = await count();
    const second = await run('demo seed --years 0 --yes');
    expect(second.stdout).toBe('The demo is there already\n');
    expect(await count()).toEqual(before);
    const names = (await t.http('GET', '/api/clients?sort=name')).body.items.map(one => one.name);
    expect(names).toContain('Harbour Dental Group');
    const { items } = (await t.http('GET', '/api/credentials')).body;
    const opened = await Promise.all(items.map(one => t.http('GET', `/api/credentials/${one.id}`)));
    const secrets = opened.flatMap(one =>
      one.status === 200 && one.body.password ? [one.body.password] : [],
    );
    expect(secrets.length).toBeGreaterThan(0);
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  test('keys status and migrate status tell without secrets', async () => {
    const [keys, migrations] = await Promise.all([run('keys status --json'), run('migrate status --json')]);
    const { current, at_hand } = keys.json<{ current: string; at_hand: string[] }>();
    expect(at_hand).toEqual([current]);
    expect(keys.stdout).not.toContain(t.opened.settings.API_KEY_MASTER_KEY?.reveal());
    const { main } = migrations.json<{ main: { done: boolean }[] }>();
    expect(main.every(one => one.done)).toBe(true);
  });
});

describe('on an installation of its own', () => {
  test('migrations run, are told, and are taken back', async () => {
    const fresh = await freshDatabase();
    const environment = environmentOf(fresh);
    const run = (...words: string[]) => runInside(environment, ['admin', 'migrate', ...words, '--json']);
    try {
      const early = await runCommand(environment, ['admin', 'user', 'list']);
      expect(early).toMatchObject({ code: 1, stdout: '' });
      expect(early.stderr).toContain('There is no installation in ');
      expect(await readdir(fresh.data)).toEqual([]);
      const ran = (await runCommand(environment, ['admin', 'migrate', 'run', '--json'])).json<{
        main: string[];
        keystore: string[];
      }>();
      expect(ran.main.length).toBeGreaterThan(2);
      expect((await run('run')).json()).toEqual({ main: [], keystore: [] });
      const { reverted } = (await run('revert')).json<{ reverted: string }>();
      expect(reverted).toBe(ran.main.at(-1));
      const { main } = (await run('status')).json<{ main: { name: string; done: boolean }[] }>();
      expect(main.filter(one => !one.done)).toEqual([{ name: reverted, done: false }]);
    } finally {
      await fresh.drop();
    }
  });

  test('the last administrator stays; serve serves, and ends with 0', async () => {
    const fresh = await freshDatabase();
    const environment = environmentOf(fresh);
    const server = await spawnServer(environment, 'src/cli.js', ['admin', 'serve']);
    try {
      await untilReady(server);
      const disabled = await runCommand(environment, ['admin', 'user', 'disable', 'admin@localhost']);
      expect(disabled.code).toBe(1);
      expect(disabled.stderr).toContain('last administrator');
      const token = await logIn(server);
      expect((await call(server, 'GET', '/api/auth/me', { token })).status).toBe(200);
      server.signal('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
    } finally {
      await server.kill();
      await fresh.drop();
    }
  });
});
