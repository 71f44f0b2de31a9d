import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startMariaDb, type MariaDb } from './mariadb.mjs';
import { makeRunFolder } from './run-folder.mjs';

declare global {
  var opskeepMariaDb: MariaDb | undefined;
}

/**
 * Runs once before all tests: packages as one file, and a folder for everything temporary, in it one for what a first
 * start leaves. With `OPSKEEP_TEST_DATABASE=mariadb` it starts one MariaDB for the whole run, and tells the workers
 * root's url through `OPSKEEP_TEST_MARIADB_URL`.
 *
 * @throws Error when the variable has an unknown value, or MariaDB is missing or did not start.
 */
async function globalSetup(): Promise<void> {
  // On Node 20 it is compiled once.
  execFileSync(process.execPath, ['scripts/sqlite-driver.mjs'], { stdio: 'inherit' });
  execFileSync(process.execPath, ['test/harness/packages.mjs'], { stdio: 'inherit' });
  process.env.TMPDIR = makeRunFolder();
  process.env.OPSKEEP_TEST_BEGUN = join(process.env.TMPDIR, 'begun');
  mkdirSync(process.env.OPSKEEP_TEST_BEGUN, { mode: 0o700 });
  const kind = process.env.OPSKEEP_TEST_DATABASE ?? 'sqlite';
  if (kind === 'sqlite') return;
  if (kind !== 'mariadb') throw new Error(`OPSKEEP_TEST_DATABASE is "${kind}": use "sqlite" or "mariadb".`);
  const server = await startMariaDb({
    args: [
      '--innodb-buffer-pool-size=256M',
      '--innodb-log-file-size=64M',
      '--max-connections=400',
      '--performance-schema=OFF',
    ],
  });
  globalThis.opskeepMariaDb = server;
  process.env.OPSKEEP_TEST_MARIADB_URL = server.url('mysql');
}

export default globalSetup;
