import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeDemo } from '../../src/commands/demo/demo.js';
import { ADMIN_PASSWORD } from '../app.js';
import { databasesOf, inside, storedRows } from '../harness/backing-up.js';
import { buildServer } from '../harness/build.js';
import { freshDatabase, testDatabase } from '../harness/database.js';
import { linesOf } from '../harness/document-lines.js';
import { logIn, startServer } from '../harness/server.js';

jest.setTimeout(240_000);

const onMariadb = testDatabase() === 'mariadb' ? test : test.skip;

onMariadb('one machine is outgrown: from SQLite to MariaDB, as docs/operations.md tells it', async () => {
  const [lite, maria] = [await databasesOf('sqlite'), await freshDatabase()];
  const environment = {
    PATH: process.env.PATH ?? '',
    HOME: lite.data,
    OPSKEEP_DATA: lite.data,
    OPSKEEP_ADMIN_PASSWORD: ADMIN_PASSWORD,
  };
  try {
    const first = await startServer(environment);
    await logIn(first);
    first.signal('SIGTERM');
    await first.exited;
    const made = {
      NODE_ENV: 'development',
      ...environment,
      DATABASE_URL: lite.url,
      KEYSTORE_DATABASE_URL: lite.keystoreUrl,
    };
    await inside(made, app => makeDemo(app, { years: 0 }));
    const tables = ['users', 'clients', 'sites', 'credentials', 'credential_secrets', 'credential_tags'];
    const rows = await storedRows(lite.url, tables);
    expect(tables.filter(name => rows[name]!.length === 0)).toEqual([]);
    const [lines = ''] = linesOf('docs/operations.md', 'When one machine is outgrown');
    const script = lines
      .replace(
        'npm run --silent opskeep --',
        `${process.execPath} ${join(await buildServer(), 'src/cli.js')}`,
      )
      .replace(/'mysql:[^']*\/opskeep'/, `'${maria.url}'`)
      .replace(/'mysql:[^']*\/opskeep_keys'/, `'${maria.keystoreUrl}'`);
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], {
      cwd: lite.data,
      env: environment,
    });
    expect(stdout).toContain('Every entry is as it was written');
    expect(stdout).not.toMatch(/^FAULT/m);
    expect(await storedRows(maria.url, tables)).toEqual(rows);
    const moved = await startServer({
      ...environment,
      DATABASE_URL: maria.url,
      KEYSTORE_DATABASE_URL: maria.keystoreUrl,
    });
    expect(await logIn(moved)).toEqual(expect.any(String));
    await moved.kill();
  } finally {
    await lite.drop();
    await maria.drop();
  }
});
