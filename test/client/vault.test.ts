import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, makeClone, makeMachine } from './machine.js';

jest.setTimeout(120_000);

describe('opskeep vault', () => {
  let machine: Machine;
  const vault = (args: string[], input?: string, more?: Record<string, string>) =>
    machine.run(['vault', ...args], input, more);

  beforeEach(async () => {
    machine = await makeMachine();
  });
  afterEach(() => machine.remove());

  test('keeps values under names, and shows them to get alone', async () => {
    const made = await vault(['init']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const file = join(machine.config, '.credentials');
    expect([statSync(file).mode & 0o777, statSync(machine.config).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(readFileSync(join(machine.config, '.gitignore'), 'utf8').split('\n').sort()).toEqual([
      '',
      '/.credentials',
      '/.credentials.d',
      '/vault.key',
    ]);
    const facts = [
      '--type',
      'password',
      '--service',
      'Firewall',
      '--meta',
      'user=admin',
      '--meta',
      'site=a=b',
    ];
    expect(await vault(['set', 'FIREWALL', ...facts], 'CANARY one\n')).toMatchObject({ code: 0 });
    expect(await vault(['set', 'API'], 'CANARY two\r\nCANARY three')).toMatchObject({ code: 0 });
    expect(await vault(['get', 'FIREWALL'])).toMatchObject({ code: 0, stdout: 'CANARY one\n', stderr: '' });
    expect((await vault(['get', 'API'])).stdout).toBe('CANARY two\r\nCANARY three\n');
    expect((await vault(['get', 'FIREWALL', '--full'])).json()).toMatchObject({
      name: 'FIREWALL',
      type: 'password',
      value: 'CANARY one',
      service: 'Firewall',
      metadata: { user: 'admin', site: 'a=b' },
    });
    expect((await vault(['list'])).stdout).toMatch(
      /^NAME +TYPE +SERVICE +EXPIRES\nAPI +api_key\nFIREWALL +password +Firewall\n$/,
    );
    expect((await vault(['list', '--json'])).stdout).not.toContain('CANARY');

    // What is not given anew stays.
    await vault(['set', 'FIREWALL', '--expires', '2020-01-01'], 'CANARY four');
    expect(await vault(['get', 'FIREWALL'])).toMatchObject({
      stdout: 'CANARY four\n',
      stderr: 'It has expired (2020-01-01).\n',
    });
    expect((await vault(['rename', 'FIREWALL', 'WALL'])).code).toBe(0);
    expect(await vault(['get', 'FIREWALL'])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: 'Credential not found\n',
    });
    expect((await vault(['get', 'WALL', '--full'])).json()).toMatchObject({
      service: 'Firewall',
      type: 'password',
    });
    expect((await vault(['rename', 'WALL', 'API'])).stderr).toMatch(/of that name already/);
    expect([(await vault(['exists', 'WALL'])).code, (await vault(['exists', 'NONE'])).code]).toEqual([0, 3]);
    expect((await vault(['delete', 'WALL'])).code).toBe(0);
    expect((await vault(['delete', 'WALL'])).code).toBe(3);
    expect(machine.disk()).not.toContain('CANARY');
  });

  test('takes the key from the environment, a file or a passphrase, and says which is missing', async () => {
    const key = { FPAI_CREDENTIALS_KEY: 'ab'.repeat(32), OPSKEEP_VAULT: join(machine.home, 'keys', 'one') };
    expect((await vault(['init'], '', key)).code).toBe(0);
    expect((await vault(['set', 'A'], 'CANARY', key)).code).toBe(0);
    const base64 = {
      ...key,
      FPAI_CREDENTIALS_KEY: Buffer.from('ab'.repeat(32), 'hex').toString('base64url'),
    };
    expect((await vault(['get', 'A'], '', base64)).stdout).toBe('CANARY\n');
    const { OPSKEEP_VAULT } = key;
    expect(await vault(['get', 'A'], '', { OPSKEEP_VAULT })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^FPAI_CREDENTIALS_KEY environment variable not set/),
    });
    for (const bad of ['hunter2CANARY', 'ab'.repeat(31), 'zz'.repeat(32)]) {
      const refused = await vault(['get', 'A'], '', { ...key, FPAI_CREDENTIALS_KEY: bad });
      expect(refused).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^Invalid encryption key/),
      });
      expect(refused.stderr).not.toContain(bad);
    }
    const wrong = await vault(['get', 'A'], '', { ...key, FPAI_CREDENTIALS_KEY: 'cd'.repeat(32) });
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Failed to decrypt vault: .*key/),
    });

    makeClone(machine.work);
    expect((await vault(['init', '--here', '--passphrase'], 'CANARY passphrase\n')).code).toBe(0);
    expect(readFileSync(join(machine.work, '.gitignore'), 'utf8')).toBe('/.credentials\n/.credentials.d\n');
    expect((await vault(['list'])).stderr).toMatch(/passphrase/);
    const file = join(machine.home, 'key');
    expect(await vault(['init', '--key-file', file])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/OPSKEEP_VAULT_KEY_FILE must name that file/),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(join(machine.config, 'vault.key'))).toBe(false);
    expect((await vault(['init', '--key-file', file])).stderr).toMatch(
      /^There is a vault at \S+ already(?!.*restore)/,
    );
    expect(await vault(['list'], '', { OPSKEEP_VAULT_KEY_FILE: file })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Wrong passphrase/),
    });
  });

  test('is the one of the project, up to the root of its working tree', async () => {
    makeClone(machine.work);
    await vault(['init']);
    await vault(['set', 'A'], 'CANARY mine');
    const [deep, outside] = [join(machine.work, 'a', 'b'), join(machine.home, 'work')];
    mkdirSync(deep, { recursive: true });
    const get = async (folder: string) => (await machine.run(['vault', 'get', 'A'], '', {}, folder)).stdout;
    expect(await get(deep)).toBe('CANARY mine\n');
    await vault(['init', '--here']);
    await vault(['set', 'A'], 'CANARY of the project');
    expect(await get(deep)).toBe('CANARY of the project\n');
    expect(await get(outside)).toBe('CANARY mine\n');
  });

  test('takes no value from the command line, unless it is told to', async () => {
    await vault(['init']);
    const refused = await vault(['set', 'A', 'CANARY']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.not.stringContaining('CANARY') });
    const told = await vault(['set', 'A', '--value-insecure', 'CANARY']);
    expect(told).toMatchObject({ code: 0, stderr: expect.stringMatching(/Other processes/) });
    expect((await vault(['set', 'A'], '')).code).toBe(2);
    expect((await vault(['set', 'A'], 'x'.repeat(65_537))).code).toBe(2);
    expect((await vault(['set', ' A'], 'x')).code).toBe(2);
    expect((await vault(['set', 'A', '--type', 'API KEY'], 'x')).code).toBe(2);
    expect((await vault(['set', 'A', '--expires', 'soon'], 'x')).code).toBe(2);
    expect((await vault(['get', 'A'])).stdout).toBe('CANARY\n');
  });
});
