import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, makeMachine } from './machine.js';

jest.setTimeout(120_000);

interface Earlier {
  secret: string;
  salt: string;
  files: Record<'key' | 'text' | 'hex', string>;
}
const EARLIER = JSON.parse(
  readFileSync(join(process.cwd(), 'test/vectors/credentials_file.json'), 'utf8'),
) as Earlier;

describe('opskeep vault', () => {
  let machine: Machine;
  const vault = (args: string[], input?: string, more?: Record<string, string>) =>
    machine.run(['vault', ...args], input, more);
  const write = (name: string, text: string) => {
    const path = join(machine.work, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };

  beforeEach(async () => {
    machine = await makeMachine();
    await vault(['init']);
  });
  afterEach(() => machine.remove());

  test('import reads .credentials files of version 1, however their key came about', async () => {
    const { secret, salt, files } = EARLIER;
    const key = write('key', `${secret}\n`);
    const expected = { stored: ['OPENAI', 'DB'], skipped: [], refused: [] };
    for (const [name, more] of [
      ['key', []],
      ['text', ['--salt', salt]],
      ['hex', ['--salt', salt]],
    ] as const) {
      const file = write(`file-${name}`, files[name]);
      const told = await vault(['import', file, '--json', '--overwrite', '--key-file', key, ...more]);
      expect(told).toMatchObject({ code: 0, stderr: '' });
      expect(told.json()).toEqual({ dry_run: false, ...expected });
      expect(told.stdout).not.toContain('CANARY');
    }
    expect((await vault(['get', 'DB', '--full'])).json()).toMatchObject({
      value: 'CANARY-db ä',
      type: 'connection_string',
      service: 'Postgres',
      metadata: { port: 5432 },
    });
    const without = await vault(['import', write('file', files.text), '--key-file', key]);
    expect(without).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Failed to decrypt vault.*--salt/),
    });
    const noKey = await vault(['import', write('file', files.key)]);
    expect(noKey).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/FPAI_CREDENTIALS_KEY environment variable not set/),
    });
    const altered = `${files.key.slice(0, 60)}A${files.key.slice(61)}`;
    expect((await vault(['import', write('file', altered), '--key-file', key])).code).toBe(1);
  });

  test('import takes .env and JSON, leaves what is there, and says what it refuses', async () => {
    await vault(['set', 'A'], 'CANARY old');
    const env = write(
      '.env',
      '# comment\nA="CANARY new"\nexport B=\'CANARY b # not a comment\'\nC="CANARY\\nlines"\nD=\n',
    );
    const dry = await vault(['import', env, '--dry-run', '--json']);
    expect(dry.json()).toEqual({
      dry_run: true,
      stored: ['B', 'C'],
      skipped: ['A'],
      refused: [{ name: 'D', reason: expect.stringMatching(/^A value is/) }],
    });
    expect((await vault(['list', '--json'])).json()).toHaveLength(1);
    expect(await vault(['import', env])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^Stored 2: B, C\n/),
    });
    const get = async (name: string) => (await vault(['get', name])).stdout;
    expect([await get('A'), await get('B'), await get('C')]).toEqual([
      'CANARY old\n',
      'CANARY b # not a comment\n',
      'CANARY\nlines\n',
    ]);
    // As scan has it: by the name, where that tells it.
    const smtp = 'SMTP_PASSWORD=CANARY-smtp\nSMTP_HOST=mail\nCI_TOKEN=CANARY-token-of-ci\n';
    await vault(['set', 'CI_TOKEN', '--type', 'mine'], 'CANARY old');
    expect((await vault(['import', '--overwrite', '-'], smtp)).code).toBe(0);
    const typed = (await vault(['list', '--json'])).json<{ name: string; type: string }[]>();
    expect(Object.fromEntries(typed.map(one => [one.name, one.type]))).toMatchObject({
      SMTP_PASSWORD: 'password',
      SMTP_HOST: 'api_key',
      CI_TOKEN: 'mine',
    });
    const json = write(
      'x.json',
      JSON.stringify({
        A: 'CANARY json',
        E: { value: 'CANARY e', type: 'password' },
        F: { value: 5 },
        'G\n': 'x',
      }),
    );
    const told = await vault(['import', '--overwrite', '--json', '-'], readFileSync(json, 'utf8'));
    expect(told.code).toBe(1);
    expect(told.json()).toMatchObject({ stored: ['A', 'E'], refused: [{ name: 'F' }, { name: 'G\n' }] });
    expect(await get('A')).toBe('CANARY json\n');
    const bad = await vault(['import', write('bad', '{"A": CANARY}')]);
    expect(bad).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'Nothing was imported: the file is no valid JSON\n',
    });
    expect((await vault(['import', write('none', 'nothing CANARY')])).stderr).not.toContain('CANARY');
    expect((await vault(['import', 'absent'])).code).toBe(2);
  });

  test('export writes everything so that import reads it, and is on the record', async () => {
    const values = { A: 'CANARY \'a\' "b" `c`', B: 'CANARY b', C: "CANARY 'c'\nline" };
    await vault(['import', '-'], JSON.stringify(values));
    const out = join(machine.work, 'all.json');
    expect(await vault(['export', '--out', out])).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const text = (await vault(['export'])).stdout;
    expect(text).toBe(readFileSync(out, 'utf8'));
    for (const name of Object.keys(values)) await vault(['delete', name]);
    expect((await vault(['import', out])).code).toBe(0);
    for (const [name, value] of Object.entries(values))
      expect((await vault(['get', name])).stdout).toBe(`${value}\n`);
    const env = await vault(['export', '--format', 'env']);
    expect(env).toMatchObject({
      code: 1,
      stderr: 'A cannot be written as a line of .env, and was left out.\n',
    });
    expect((await vault(['import', '--json', '--overwrite', '-'], env.stdout)).json()).toMatchObject({
      stored: ['B', 'C'],
    });
    expect((await vault(['get', 'C'])).stdout).toBe(`${values.C}\n`);
    const log = (await vault(['audit', '100', '--json'])).json<{ action: string; name: string }[]>();
    expect(log.filter(one => one.action === 'export').map(one => one.name)).toEqual([
      'A',
      'B',
      'C',
      'A',
      'B',
      'C',
      'B',
      'C',
    ]);
  });

  test('history, audit, stats and backups tell what was done, never values', async () => {
    for (const n of [1, 2, 3]) await vault(['set', 'A', '--type', 'password'], `CANARY ${n}`);
    await vault(['rename', 'A', 'B']);
    await vault(['get', 'B']);
    await vault(['set', 'B', '--expires', '2020-01-01'], 'CANARY 4');
    await vault(['delete', 'B']);
    const actions = async (args: string[]) =>
      (await vault([...args, '--json'])).json<{ action: string }[]>().map(one => one.action);
    // What was before the rename is the same credential.
    const whole = ['set', 'set', 'set', 'rename', 'set', 'delete'];
    expect(await actions(['history', 'B'])).toEqual(whole);
    expect(await actions(['history', 'A'])).toEqual(['set', 'set', 'set', 'rename']);
    expect(await actions(['audit', '3'])).toEqual(['get', 'set', 'delete']);
    expect((await vault(['history', 'NONE'])).code).toBe(3);
    expect((await vault(['audit', 'x'])).code).toBe(2);
    const backups = (await vault(['backup', 'list', '--json'])).json<{ name: string; usable: boolean }[]>();
    expect(backups.map(one => one.name)).toEqual(['6', '5', '4', '3', '2', '1']);
    expect((await vault(['backup', 'restore', '6'])).stdout).toBe('Restored backup 6, with 1 entries.\n');
    expect((await vault(['get', 'B'])).stdout).toBe('CANARY 4\n');
    expect((await vault(['stats', '--json'])).json()).toMatchObject({
      entries: 1,
      by_type: { password: 1 },
      expired: 1,
      counter: 8,
      backups: 7,
      opens_with: 'key',
    });
    expect((await vault(['backup', 'restore', '99'])).code).toBe(3);
    expect((await vault(['verify', '--json'])).json()).toMatchObject({ ok: true });
    for (let n = 0; n < 8; n++) await vault(['set', 'C'], `CANARY ${n}`);
    expect((await vault(['backup', 'list', '--json'])).json()).toHaveLength(10);
    for (const words of [['audit'], ['history', 'A'], ['stats'], ['backup', 'list'], ['verify'], ['list']])
      expect((await vault(words)).stdout).not.toContain('CANARY');
    expect(machine.disk()).not.toContain('CANARY');
  });

  test('every command has its page', async () => {
    const pages: string[] = [];
    const visit = async (path: string[]) => {
      const { stdout, code } = await machine.run([...path, '--help']);
      expect([path.join(' '), code]).toEqual([path.join(' '), 0]);
      pages.push(path.join(' '));
      const [, commands] = stdout.split('\nCommands:\n');
      for (const [, name = ''] of (commands ?? '').matchAll(/^ {2}([a-z]+) /gm)) await visit([...path, name]);
      if (commands === undefined) expect(stdout).toMatch(/^Usage: opskeep vault .*\n\n\S.*\n[\s\S]*--json/);
    };
    await visit(['vault']);
    expect(pages).toEqual(
      ['', 'init', 'set', 'get', 'list', 'exists', 'delete', 'rename', 'history', 'audit', 'stats', 'verify', 'import', 'export', 'backup', 'backup list', 'backup restore']
        .map(name => `vault ${name}`.trim()),
    ); // prettier-ignore
  });
});
