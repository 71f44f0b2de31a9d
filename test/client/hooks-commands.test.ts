import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { startApp, type TestApp } from '../app.js';
import { type Machine, makeMachine, openDoor } from './machine.js';

jest.setTimeout(180_000);

interface Doctor {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string; mend?: string }[];
}

describe('opskeep hooks', () => {
  let t: TestApp;
  let door: { url: string; token: string };
  let machine: Machine;
  const settings = () => join(machine.work, '.claude', 'settings.local.json');
  const slash = (name: string) => join(machine.home, '.claude', 'commands', `${name}.md`);
  const write = (text: string) => {
    mkdirSync(dirname(settings()), { recursive: true });
    writeFileSync(settings(), text);
  };
  const read = () => JSON.parse(readFileSync(settings(), 'utf8')) as { hooks: { Stop?: object[] } };
  const install = (...more: string[]) =>
    machine.run(['hooks', 'install', '--url', door.url, '--token', '-', ...more], `${door.token}\n`);

  beforeAll(async () => {
    t = await startApp();
    door = await openDoor(t);
  });
  beforeEach(async () => {
    machine = await makeMachine({ remote: 'git@git.acme.example:msp/tool.git' });
  });
  afterEach(() => machine.remove());
  afterAll(() => t.close());

  test('are installed beside those of others, once, and taken out to the byte', async () => {
    const before = [
      '{',
      '    "model": "some-model",',
      '    "hooks": {',
      '        "Stop": [{ "hooks": [{ "type": "command", "command": "say done" }] }],',
      '        "Notification": []',
      '    },',
      '    "permissions": { "allow": ["Bash(ls:*)"] }',
      '}',
    ].join('\r\n');
    write(before);
    const dry = await install('--dry-run', '--json');
    expect(dry).toMatchObject({ code: 0 });
    expect(readFileSync(settings(), 'utf8')).toBe(before);
    expect(existsSync(machine.config)).toBe(false);

    const files = dry.json<{ files: string[] }>().files;
    expect(files.filter(one => existsSync(one))).toEqual([]);
    expect(await install()).toMatchObject({ code: 0, stderr: '' });
    expect(files.filter(one => !existsSync(one))).toEqual([]);
    for (const folder of [machine.config, join(machine.home, '.local', 'share', 'opskeep')])
      for (const name of readdirSync(folder)) expect(files).toContain(join(folder, name));
    const text = readFileSync(settings(), 'utf8');
    const { hooks, model } = JSON.parse(text);
    expect(model).toBe('some-model');
    expect(hooks.Notification).toEqual([]);
    expect(hooks.Stop[0]).toEqual({ hooks: [{ type: 'command', command: 'say done' }] });
    expect(hooks.Stop).toHaveLength(2);
    const script = join(machine.home, '.local', 'share', 'opskeep', 'hook.cjs');
    expect(hooks.Stop[1].hooks).toEqual([
      { type: 'command', command: process.execPath, args: [script, 'Stop'], timeout: 15, async: true },
    ]);
    expect(Object.keys(hooks as object).sort()).toEqual(
      'Notification PostCompact PostToolUse PostToolUseFailure PreCompact SessionEnd SessionStart Stop UserPromptSubmit'.split(
        ' ',
      ),
    );
    expect(text).toMatch(/^\{\r\n {4}"model"/);
    expect(text).not.toMatch(/(?<!\r)\n/);
    expect(text).not.toContain(door.token);
    const file = join(machine.config, 'config.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ url: door.url, token: door.token });
    expect([statSync(file).mode & 0o777, statSync(machine.config).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(readFileSync(join(machine.config, '.gitignore'), 'utf8')).toBe('*\n');
    expect(readFileSync(slash('checkpoint'), 'utf8')).toContain('checkpoint -');
    // Others have the folder of the project, too: nothing with paths of this machine is for them.
    expect(readdirSync(dirname(settings()))).toEqual(['settings.local.json']);

    const again = await install('--json');
    expect(again.json()).toMatchObject({ changed: false, backup: null });
    expect(readFileSync(settings(), 'utf8')).toBe(text);

    expect(await machine.run(['hooks', 'uninstall'])).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(settings(), 'utf8')).toBe(before);
    const left = [slash('checkpoint'), machine.config, dirname(script)];
    expect(left.filter(one => existsSync(one))).toEqual([]);
  });

  test('leave what was not sent when they go, say so, and remove it when they are told to', async () => {
    await install();
    await install('--user');
    await machine.hook('SessionStart', { source: 'startup' });
    await machine.hook('UserPromptSubmit', { prompt: 'Not sent yet' });
    mkdirSync(join(machine.server(door.url), 'spool', 'failed'));
    writeFileSync(join(machine.server(door.url), 'spool', 'failed', 'a-key.3.json'), '{"key":"key"}');
    writeFileSync(join(machine.state, 'counters-of-another'), '7');
    const out = async (...args: string[]) => machine.run(['hooks', 'uninstall', ...args]);
    // The other installation needs all of it.
    expect((await out('--purge')).code).toBe(1);
    expect((await out('--user')).stdout).not.toContain('Kept');
    expect(existsSync(slash('checkpoint'))).toBe(true);
    expect((await out('--dry-run')).stdout).toContain(
      'Would be kept: events that were not sent (1 that wait, 1 put',
    );
    const { stdout } = await out();
    expect(stdout).toContain(`(1 that wait, 1 put aside), in ${join(machine.server(door.url), 'spool')}`);
    expect(stdout).toMatch(/hooks upload[^]*--purge/);
    expect(existsSync(slash('checkpoint'))).toBe(false);
    expect(readdirSync(machine.state).sort()).toEqual(['counters-of-another', 'servers']);
    // What was recalled, and what sessions were told, is of no use to anybody.
    expect(readdirSync(machine.server(door.url))).toEqual(['spool']);
    const given = { OPSKEEP_URL: door.url, OPSKEEP_TOKEN: door.token };
    expect((await machine.run(['hooks', 'upload', '--json'], '', given)).json()).toMatchObject({ stored: 1 });
    expect((await out('--purge', '--json')).json()).toMatchObject({ changed: false, kept: [] });
    expect(readdirSync(machine.state)).toEqual(['counters-of-another']);
  });

  test('leave what was changed meanwhile, and no file where there was none', async () => {
    await install();
    await machine.run(['hooks', 'uninstall']);
    expect(existsSync(join(machine.work, '.claude'))).toBe(false);

    await install();
    const value = read();
    value.hooks.Stop?.unshift({ hooks: [{ type: 'command', command: 'theirs' }] });
    writeFileSync(settings(), JSON.stringify(value, null, 2));
    const own = slash('snapshot');
    writeFileSync(own, 'mine');
    expect((await install()).stderr).toContain(`${own} is not ours`);
    await machine.run(['hooks', 'uninstall']);
    expect(JSON.parse(readFileSync(settings(), 'utf8'))).toEqual({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: 'theirs' }] }] },
    });
    expect(readFileSync(own, 'utf8')).toBe('mine');
  });

  test('touch nothing that is broken, and take no token that others could read or the server does not know', async () => {
    const broken = '{ "hooks": { "Stop": [ } CANARY';
    write(broken);
    const refused = await install();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/is not valid JSON, and was left as it is/);
    expect(refused.stderr).not.toContain('CANARY');
    expect(readFileSync(settings(), 'utf8')).toBe(broken);
    write('{}');
    const argv = await machine.run([
      'hooks',
      'install',
      '--url',
      door.url,
      '--token',
      'okt_CANARYaaaaaaaaaaaa',
    ]);
    expect(argv.code).toBe(2);
    expect(argv.stderr).not.toContain('CANARY');
    const wrong = await machine.run(['hooks', 'install', '--url', door.url, '--token', '-'], 'okt_CANARY1');
    expect(wrong).toMatchObject({ code: 1 });
    expect(readFileSync(settings(), 'utf8')).toBe('{}');
    expect(existsSync(machine.config)).toBe(false);
  });

  test('the doctor proves the round trip', async () => {
    await install();
    await machine.hook('UserPromptSubmit', { prompt: 'Not sent yet' });
    const { code, stderr, json } = await machine.run(['hooks', 'doctor', '--json']);
    expect(json<Doctor>().checks.filter(one => !one.ok)).toEqual([]);
    expect([stderr, code]).toEqual(['', 0]);
    const names = json<Doctor>().checks.map(one => one.name);
    expect(names).toEqual(
      expect.arrayContaining(['hook SessionStart', 'hook PostCompact', 'upload', 'round trip']),
    );
    expect(json<Doctor>().checks.at(-1)?.detail).toContain('project opskeep-doctor');
    // It leaves nothing on this machine, and touches nothing that is there.
    expect(readdirSync(machine.state).sort()).toEqual(['backups', 'servers']);
    const told = await machine.run(['hooks', 'status', '--json']);
    expect(told.json()).toMatchObject({
      has_token: true,
      waiting: 1,
      failed: 0,
      installed: [{ complete: true }, {}],
    });
    expect(told.stdout).not.toContain(door.token);
  });

  test('the doctor says why a project is known by its name', async () => {
    const lone = await makeMachine({ remote: '/srv/git/tool.git' });
    const { checks } = (await lone.run(['hooks', 'doctor', '--json'])).json<Doctor>();
    lone.remove();
    expect(checks.find(one => one.name === 'project')?.detail).toMatch(
      /by its name: its git remote is a path of this/,
    );
  });

  test('the doctor finds what is wrong, and names the mend', async () => {
    const faults = async (more: Record<string, string> = {}) => {
      const ran = await machine.run(['hooks', 'doctor', '--json'], '', more);
      expect(ran.code).toBe(1);
      return ran.json<Doctor>().checks.filter(one => !one.ok);
    };
    await install();
    // The token of the configuration is for its server alone.
    expect(await faults({ OPSKEEP_URL: 'http://127.0.0.1:9' })).toEqual([
      expect.objectContaining({ name: 'configuration', detail: expect.stringContaining('OPSKEEP_TOKEN') }),
    ]);
    expect(await faults({ OPSKEEP_URL: 'http://127.0.0.1:9', OPSKEEP_TOKEN: 'okt_CANARY' })).toEqual([
      expect.objectContaining({
        name: 'server',
        detail: expect.stringContaining('ECONNREFUSED'),
        mend: expect.any(String),
      }),
    ]);
    const [issued] = await Promise.all([
      t.http('POST', '/api/access-tokens', {
        body: { name: 'gone', resources: ['memory'], scopes: ['msp:read', 'msp:write'] },
      }),
    ]);
    await t.http('DELETE', `/api/access-tokens/${issued.body.id}`);
    expect(await faults({ OPSKEEP_TOKEN: String(issued.body.token) })).toEqual([
      expect.objectContaining({ name: 'token', mend: expect.stringContaining('make a new token') }),
    ]);
    const reader = await t.http('POST', '/api/access-tokens', {
      body: { name: 'reader', resources: ['memory'], scopes: ['msp:read'] },
    });
    expect(await faults({ OPSKEEP_TOKEN: String(reader.body.token) })).toEqual([
      expect.objectContaining({ name: 'token', detail: expect.stringContaining('msp:write') }),
    ]);
    const elsewhere = await t.http('POST', '/api/access-tokens', {
      body: { name: 'elsewhere', resources: ['estate'], scopes: ['msp:read', 'msp:write'] },
    });
    expect(await faults({ OPSKEEP_TOKEN: String(elsewhere.body.token) })).toEqual([
      expect.objectContaining({ name: 'token', mend: expect.stringContaining('memory') }),
    ]);

    const value = read();
    delete value.hooks.Stop;
    writeFileSync(settings(), JSON.stringify(value));
    writeFileSync(join(machine.home, '.local/share/opskeep/hook.cjs'), '// of last year');
    chmodSync(join(machine.config, 'config.json'), 0o644);
    rmSync(join(machine.server(door.url), 'spool'), { recursive: true, force: true });
    mkdirSync(machine.server(door.url), { recursive: true });
    writeFileSync(join(machine.server(door.url), 'spool'), 'a file where a folder should be');
    const found = await faults();
    expect(found.map(one => one.name)).toEqual(['permissions', 'settings', 'script', 'spool']);
    expect(found.map(one => one.detail).join('\n')).toMatch(
      /no hook for Stop[^]*another version[^]*cannot be written to/,
    );
    expect(found.every(one => one.mend)).toBe(true);
    // Hooks of another project do not work here.
    await machine.run(['hooks', 'uninstall']);
    expect((await faults()).find(one => one.name === 'settings')?.detail).toMatch(/no hooks are installed/);
  });
});
