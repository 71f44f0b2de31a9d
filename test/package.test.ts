import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQLITE_PACKAGE } from '../src/formats/sqlite-driver.js';
import { type FreshDatabase, freshDatabase } from './harness/database.js';
import { freePort } from './harness/free-port.mjs';
import { environmentOf } from './harness/server.js';

const MAX_BYTES = 8e6;
/** Everything that a user gets; nothing of the sources, the tests, maps, data, settings. */
const SHIPPED =
  /^(package\.json|README\.md|CHANGELOG\.md|SECURITY\.md|docs\/([\w-]+\.md|(systemd|prometheus|verify-trail)\/[\w.-]+)|THIRD-PARTY-NOTICES\.md|openapi\.json|dist\/src\/[\w-]+\.(c|m)?js|dist\/src\/(formats|client)\/[\w/-]+\.(js|d\.ts)|scripts\/[\w-]+\.sh|node_modules\/swagger-ui-dist\/[\w.-]+)$/;

interface Manifest {
  bin: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

jest.setTimeout(240_000);

describe('what npm run pack makes', () => {
  let folder: string;
  let file: string;
  let prefix: string;
  let fresh: FreshDatabase;
  const installed = () => join(prefix, 'lib', 'node_modules', 'opskeep');
  const environment = (more: Record<string, string> = {}) => ({
    ...environmentOf(fresh, more),
    PATH: `${join(prefix, 'bin')}:${process.env.PATH ?? ''}`,
  });
  const run = (program: string, args: string[], more: Record<string, string> = {}) =>
    spawnSync(program, args, { cwd: fresh.data, env: environment(more), encoding: 'utf8', maxBuffer: 1e8 });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opskeep-package-'));
    prefix = join(folder, 'prefix');
    fresh = await freshDatabase();
    const made = spawnSync(process.execPath, ['scripts/pack.mjs', '--out', folder], { encoding: 'utf8' });
    file = made.stdout.trim();
    expect({ status: made.status, file }).toEqual({ status: 0, file: expect.stringMatching(/\.tgz$/) });
    const args = [
      'install',
      '--global',
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--prefix',
      prefix,
    ];
    const { status, stderr } = spawnSync('npm', [...args, file], { encoding: 'utf8', cwd: folder });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
  afterAll(async () => {
    await fresh.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('holds what runs, and nothing else', () => {
    const { stdout } = spawnSync('tar', ['tzf', file], { encoding: 'utf8' });
    const names = stdout
      .trim()
      .split('\n')
      .map(name => name.replace('package/', ''));
    expect(names.filter(name => !SHIPPED.test(name))).toEqual([]);
    expect(readFileSync(file).length).toBeLessThan(MAX_BYTES);
    const { bin, dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(installed(), 'package.json'), 'utf8'),
    ) as Manifest;
    expect(bin).toEqual({ opskeep: 'dist/src/opskeep.cjs' });
    // One version each: what was tested is what is installed.
    for (const version of Object.values({ ...dependencies, ...optionalDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    // It reports each installation to its makers.
    expect(readdirSync(join(installed(), 'node_modules'))).not.toContain('@scarf');
  });

  test('names those whose work is in it, each under terms that go with any use', () => {
    const notices = readFileSync(join(installed(), 'THIRD-PARTY-NOTICES.md'), 'utf8');
    for (const name of ['@nestjs/core', 'typeorm', 'mysql2', 'gpt-tokenizer', 'swagger-ui-dist'])
      expect(notices).toMatch(new RegExp(`^## ${name} \\d+\\.\\d+\\.\\d+$`, 'm'));
    expect(notices).not.toMatch(/^(A?GPL|LGPL|SSPL|BUSL)/m);
  });

  test('runs as it was installed', async () => {
    expect(run('opskeep', ['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const document = run('opskeep', ['admin', 'openapi']);
    expect(document.stdout === readFileSync('openapi.json', 'utf8')).toBe(true);
    if (!readdirSync(join(installed(), 'node_modules')).includes(SQLITE_PACKAGE)) {
      // As an installation of the driver for this Node.js beside it: compiling it once more would take minutes.
      mkdirSync(join(prefix, 'lib', 'node_modules'), { recursive: true });
      for (const name of [SQLITE_PACKAGE, 'bindings', 'file-uri-to-path'])
        symlinkSync(join(process.cwd(), 'node_modules', name), join(prefix, 'lib', 'node_modules', name));
    }
    const port = String(await freePort());
    const server = spawn('opskeep', ['admin', 'serve'], {
      cwd: fresh.data,
      env: environment({ PORT: port }),
    });
    try {
      const heard: string[] = [];
      for (const stream of [server.stdout, server.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => heard.push(text));
      await new Promise<void>((done, failed) => {
        server.stdout.on('data', () => heard.join('').includes('Opskeep listens') && done());
        server.once('exit', () => failed(new Error(heard.join(''))));
      });
      for (const path of [
        '/health/ready',
        '/api/docs',
        '/api/docs/swagger-ui-bundle.js',
        '/api/openapi.json',
      ])
        expect({ path, status: (await fetch(`http://127.0.0.1:${port}${path}`)).status }).toEqual({
          path,
          status: 200,
        });
      server.kill('SIGTERM');
      expect(await once(server, 'exit')).toEqual([0, null]);
    } finally {
      server.kill('SIGKILL');
    }
  });

  test('has a library that is imported by its names', () => {
    const user = mkdtempSync(join(folder, 'user-'));
    mkdirSync(join(user, 'node_modules'));
    symlinkSync(installed(), join(user, 'node_modules', 'opskeep'));
    writeFileSync(
      join(user, 'main.mjs'),
      "import { encrypt, decrypt, generateEncryptionKey } from 'opskeep/crypto';\n" +
        "const key = generateEncryptionKey(); console.log(decrypt(encrypt('CANARY', key), key));\n",
    );
    const { stdout, stderr } = run(process.execPath, ['--preserve-symlinks', join(user, 'main.mjs')]);
    expect({ stdout, stderr }).toEqual({ stdout: 'CANARY\n', stderr: '' });
  });
});
