import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildServer } from '../harness/build.js';
import { buildClient, type Machine, makeMachine } from './machine.js';

jest.setTimeout(180_000);

const ROOT = process.cwd();

describe('programs written against the earlier vault find', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await makeMachine();
    const program = join(await buildClient(), 'opskeep.cjs');
    writeFileSync(
      join(machine.home, 'opskeep'),
      `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
      { mode: 0o755 },
    );
    machine.environment.PATH = `${machine.home}:${process.env.PATH}`;
    await machine.run(['vault', 'init']);
  });
  afterAll(() => machine.remove());

  const script = (name: string, args: string[], more = {}) =>
    promisify(execFile)(join(ROOT, 'scripts', `session-${name}.sh`), args, {
      env: { ...machine.environment, ...more },
      cwd: machine.work,
    }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  test('its scripts', async () => {
    const set = await script('set-credential', ['FIREWALL', 'CANARY $x "y"', 'password', 'Acme Wall']);
    expect(set).toMatchObject({ code: 0, stderr: expect.stringMatching(/command line/) });
    await script('set-credential', ['-API', '--CANARY']);
    expect(await script('get-credential', ['FIREWALL'])).toMatchObject({ stdout: 'CANARY $x "y"\n' });
    expect(await script('get-credential', ['-API'])).toMatchObject({ stdout: '--CANARY\n' });
    expect((await script('list-credential', [])).stdout).toBe(
      '- -API (api_key)\n- FIREWALL (password) [Acme Wall]\n',
    );
    expect(await script('delete-credential', ['FIREWALL'])).toMatchObject({ code: 0 });
    expect(await script('get-credential', ['FIREWALL'])).toMatchObject({ code: 3, stdout: '' });
    expect(await script('set-credential', ['A'])).toMatchObject({ code: 2 });
  });

  test('its script for the server, whose token is on no command line', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push([request.url, request.headers.authorization]);
      response.writeHead(request.url?.endsWith('a1') ? 200 : 404).end('{"password":"CANARY"}');
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    try {
      const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
      const token = { CREDENTIALS_MANAGER_TOKEN: 'okt_CANARY' };
      expect(await script('get-server-credential', ['a1', url], token)).toMatchObject({
        code: 0,
        stdout: '{"password":"CANARY"}\n',
      });
      expect(await script('get-server-credential', ['b2'], { ...token, OPSKEEP_URL: url })).toMatchObject({
        code: 3,
        stdout: '',
      });
      expect(await script('get-server-credential', ['a1', url])).toMatchObject({
        code: 1,
        stderr: 'CREDENTIALS_MANAGER_TOKEN environment variable not set\n',
      });
      expect(await script('get-server-credential', ['../users', url], token)).toMatchObject({ code: 2 });
      expect(seen).toEqual([
        ['/api/credentials/a1', 'Bearer okt_CANARY'],
        ['/api/credentials/b2', 'Bearer okt_CANARY'],
      ]);
    } finally {
      server.close();
    }
  });

  test('the class LocalVault, exported from the package', async () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      exports: Record<string, { default: string }>;
    };
    const file = (exports['.']?.default ?? '').replace(/^\.\/dist/, await buildServer());
    const source = `
      import { LocalVault, LocalVaultError } from ${JSON.stringify(file)};
      const vault = await LocalVault.create({ path: process.argv[1], passphrase: 'CANARY passphrase' });
      await vault.set('A', 'CANARY', { service: 'x' });
      const again = new LocalVault({ path: process.argv[1], passphrase: 'CANARY passphrase' });
      const told = [await again.get('A'), (await again.getFull('A')).service, await again.exists('B'), (await again.list()).length];
      await again.delete('A');
      told.push(await again.get('A').catch(error => error instanceof LocalVaultError && error.message));
      const wrong = new LocalVault({ path: process.argv[1], passphrase: 'CANARY other' });
      told.push(await wrong.list().catch(error => error.code));
      console.log(JSON.stringify(told));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', source, join(machine.home, 'own', '.credentials')],
      { env: machine.environment },
    );
    expect(JSON.parse(stdout)).toEqual(['CANARY', 'x', false, 1, 'Credential not found', 'wrong_key']);
  });
});
