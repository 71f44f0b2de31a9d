import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startApp, type TestApp } from '../app.js';
import { databasesOf, elsewhere } from '../harness/backing-up.js';
import { buildServer } from '../harness/build.js';
import { environmentBeside, runCommand } from '../harness/command.js';
import { linesOf } from '../harness/document-lines.js';
import { query } from '../harness/query.js';

jest.setTimeout(240_000);

const SITES = 3_000;

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
  const client_id = await t.client();
  for (let from = 0; from < SITES; from += 1000) {
    const items = Array.from({ length: 1000 }, (_, n) => ({ client_id, name: `Site ${from + n}` }));
    await t.http('POST', '/api/sites/bulk', { body: { items } });
  }
  await t.make('credentials');
});
afterAll(() => t.close());

test('the lines of docs/operations.md: an export, and an import that is killed and goes on', async () => {
  const [here, lite] = [environmentBeside(t), await databasesOf('sqlite')];
  const there = elsewhere(t, lite);
  const program = `${process.execPath} ${join(await buildServer(), 'src/cli.js')}`;
  const blocks = linesOf('docs/operations.md', 'Everything in a folder');
  const [takeOut = '', takeIn = ''] = blocks.map(one => one.replace('npm run --silent opskeep --', program));
  const shell = async (lines: string, env: Record<string, string>) => {
    const options = { cwd: lite.data, env: { PATH: process.env.PATH ?? '', ...env } };
    return (await promisify(execFile)('bash', ['-ec', lines], options)).stdout;
  };
  await writeFile(join(lite.data, 'passphrase.txt'), 'seven purple lanterns over the old harbour\n');
  const counted = async () =>
    existsSync(lite.url.slice('sqlite:'.length))
      ? ((await query<{ n: number }>(lite.url, 'SELECT COUNT(*) AS n FROM sites').catch(() => []))[0]?.n ?? 0)
      : 0;
  try {
    const folder = join(lite.data, 'moved');
    const without = await runCommand(here, ['admin', 'export', '--folder', folder, '--with-secrets']);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('--reason')]);
    expect(await shell(takeOut, here)).toContain('secrets    of 1 credentials, encrypted');
    expect((await readdir(lite.data)).filter(one => one.endsWith('.part'))).toEqual([]);
    const again = await runCommand(here, ['admin', 'export', '--folder', folder]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);

    const args = /admin import .*txt$/m.exec(takeIn)![0].split(' ');
    const child = spawn(process.execPath, [...program.split(' ').slice(1), ...args], {
      cwd: lite.data,
      env: { PATH: process.env.PATH ?? '', ...there },
      stdio: 'ignore',
    });
    const ended = new Promise(done => child.once('close', done));
    while ((await counted()) === 0) await sleep(5);
    child.kill('SIGKILL');
    await ended;
    expect(await counted()).toBeLessThan(SITES);

    const refused = await runCommand(there, ['admin', 'user', 'list']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('The import of a folder')]);
    expect(await shell(takeIn, there)).toMatch(/can be imported[^]*is imported[^]*Secrets of 1 credentials/);
    expect(await counted()).toBe(SITES);
    const told =
      "SELECT COUNT(*) AS n, COUNT(DISTINCT resource_id) AS ids FROM journal WHERE action = 'site.import'";
    expect(await query(lite.url, told)).toEqual([{ n: SITES, ids: SITES }]);
    expect(await query(lite.url, 'SELECT credential_id FROM credential_secrets')).toHaveLength(1);
  } finally {
    await lite.drop();
  }
});
