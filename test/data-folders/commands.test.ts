import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type TestApp } from '../app.js';
import { databasesOf, elsewhere } from '../harness/backing-up.js';
import { buildServer } from '../harness/build.js';
import { environmentBeside, runCommand } from '../harness/command.js';
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

it('exports by a process, imports by another that is killed, and goes on', async () => {
  const [here, lite] = [environmentBeside(t), await databasesOf('sqlite')];
  const there = elsewhere(t, lite);
  const folder = join(lite.data, 'moved');
  const secret = join(lite.data, 'passphrase');
  await writeFile(secret, 'seven purple lanterns over the old harbour\n');
  try {
    const without = await runCommand(here, ['admin', 'export', '--folder', folder, '--with-secrets']);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('--reason')]);
    const args = ['admin', 'export', '--folder', folder, '--with-secrets', '--passphrase-file', secret];
    const made = await runCommand(here, [...args, '--reason', 'The installation moves', '--json']);
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.json()).toMatchObject({ folder, secrets: { credentials: 1 } });
    expect((await readdir(lite.data)).filter(one => one.endsWith('.part'))).toEqual([]);
    const again = await runCommand(here, ['admin', 'export', '--folder', folder]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);

    const take = ['admin', 'import', '--folder', folder, '--passphrase-file', secret];
    const dry = await runCommand(there, [...take, '--dry-run']);
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('can be imported')]);
    expect(await query(lite.url, 'SELECT id FROM users')).toEqual([]);
    const child = spawn(process.execPath, [join(await buildServer(), 'src/cli.js'), ...take], {
      env: { PATH: process.env.PATH ?? '', ...there },
      stdio: 'ignore',
    });
    const ended = new Promise(done => child.once('close', done));
    const counted = async () =>
      existsSync(lite.url.slice('sqlite:'.length))
        ? (await query<{ n: number }>(lite.url, 'SELECT COUNT(*) AS n FROM sites'))[0]!.n
        : 0;
    while ((await counted()) === 0) await sleep(5);
    child.kill('SIGKILL');
    await ended;
    expect(await counted()).toBeLessThan(SITES);

    const doctor = await runCommand(there, ['admin', 'user', 'list']);
    expect([doctor.code, doctor.stderr]).toEqual([1, expect.stringContaining('The import of a folder into this installation')]); // prettier-ignore
    const on = await runCommand(there, take);
    expect([on.code, on.stdout]).toEqual([0, expect.stringContaining('is imported')]);
    expect(await counted()).toBe(SITES);
    const told = await query<{ n: number; rows: number }>(lite.url, "SELECT COUNT(*) AS n, COUNT(DISTINCT resource_id) AS rows FROM journal WHERE action = 'site.import'"); // prettier-ignore
    expect(told).toEqual([{ n: SITES, rows: SITES }]);
    expect(await query(lite.url, 'SELECT credential_id FROM credential_secrets')).toHaveLength(1);
    const once = await runCommand(there, take);
    expect([once.code, once.stderr]).toEqual([1, expect.stringContaining('has rows already')]);
  } finally {
    await lite.drop();
  }
});
