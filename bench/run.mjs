/**
 * Compares Opskeep's speed with that of a plain server on the same data: `npm run bench`. Exit code 1 when a ratio is
 * under its minimum. BENCH_SECONDS (10), BENCH_ROUNDS (3) and BENCH_CREDENTIALS (100000) make it shorter.
 *
 * Opskeep comes from `bench/opskeep.mjs`, which exports
 *
 *   start(databaseUrl, keystoreUrl): Promise<{ url, stop(): Promise<void> }>
 *     migrates both (empty, existing) databases, starts the built program as an operator would, waits until it is ready
 *   fill(count): Promise<{ table, columns, ids, scenarios }>
 *     called once, after start: makes that many credentials in the started Opskeep. `table`, `columns`: what Opskeep
 *     selects for them, so that the plain server selects the same; `ids`: primary keys for the requests.
 *     `scenarios`: [{ name, requests, plainName: 'item' | 'list' | 'rows', minimumRatio, ids?, plainIds?, selection?,
 *     connections? }], where requests are those of load.mjs, with the headers of a signed-in user; `selection` ({ table, columns }) when the
 *     plain server must select something else. Names after `--` measure only those: `npm run bench -- reveal`
 *
 * `workers` compares two worker processes with one (`bench/workers.mjs`).
 * `start`, `hook` and `vault` need no database (`bench/start.mjs`, `bench/hook.mjs`, `bench/vault.mjs`); `lists` and `lists-sqlite` compare Opskeep with itself among few rows
 * (`bench/lists.mjs`); `export` and `export-sqlite` stream very many rows (`bench/exports.mjs`), `import` and `import-sqlite` bring them in
 * (`bench/imports.mjs`); `earlier` compares it with the stack of earlier systems (`bench/earlier.mjs`).
 */
import mysql from 'mysql2/promise';
import { startMariaDb } from '../test/harness/mariadb.mjs';
import { earlierInTime, hasEarlierStack } from './earlier.mjs';
import { exportsInTime } from './exports.mjs';
import { hookInTime } from './hook.mjs';
import { importsInTime } from './imports.mjs';
import { listsInTime, sqliteDatabases } from './lists.mjs';
import { comparison } from './measure.mjs';
import { startPlainServer } from './processes.mjs';
import { startsInTime } from './start.mjs';
import { vaultInTime } from './vault.mjs';
import { workersInTime } from './workers.mjs';

const BUFFER_POOL = '1 GiB';
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const credentials = Number(process.env.BENCH_CREDENTIALS ?? 100_000);

async function createDatabases(mariaDb, names) {
  const connection = await mysql.createConnection(mariaDb.url('mysql'));
  for (const name of names) await connection.query('CREATE DATABASE ??', [name]);
  await connection.end();
  return names.map(name => mariaDb.url(name));
}

/** Runs every scenario, also after one which was too slow; resolves to whether all were fast enough. */
async function main(defer) {
  const only = process.argv.slice(2);
  const isWanted = name => only.length === 0 || only.includes(name);
  let passed = true;
  if (isWanted('start')) passed = await startsInTime(rounds);
  if (isWanted('hook') && !(await hookInTime())) passed = false;
  if (isWanted('vault') && !(await vaultInTime())) passed = false;
  if (isWanted('lists-sqlite') && !(await listsInTime('lists-sqlite', await sqliteDatabases(defer), defer)))
    passed = false;
  if (isWanted('export-sqlite')) {
    const [, databases] = await sqliteDatabases(defer);
    if (!(await exportsInTime('export-sqlite', databases, defer))) passed = false;
  }
  if (
    isWanted('import-sqlite') &&
    !(await importsInTime('import-sqlite', await sqliteDatabases(defer), defer))
  )
    passed = false;
  const done = ['start', 'hook', 'vault', 'lists-sqlite', 'export-sqlite', 'import-sqlite'];
  const isDone = () => only.length > 0 && only.every(name => done.includes(name));
  if (isDone()) return passed;
  const opskeepSide = await import('./opskeep.mjs');
  const mariaDb = await startMariaDb({ args: ['--innodb-buffer-pool-size=1G', '--max-connections=200'] });
  defer(() => mariaDb.stop());
  console.log(`MariaDB, buffer pool ${BUFFER_POOL}, innodb_flush_log_at_trx_commit=1`);
  if (isWanted('lists')) {
    const databases = ['few', 'many'].map(name => createDatabases(mariaDb, [name, `${name}_keys`]));
    if (!(await listsInTime('lists', await Promise.all(databases), defer))) passed = false;
  }
  if (isWanted('export')) {
    const databases = await createDatabases(mariaDb, ['exported', 'exported_keys']);
    if (!(await exportsInTime('export', databases, defer))) passed = false;
  }
  if (isWanted('import')) {
    const databases = ['imported', 'inserted'].map(name => createDatabases(mariaDb, [name, `${name}_keys`]));
    if (!(await importsInTime('import', await Promise.all(databases), defer))) passed = false;
  }
  done.push('lists', 'export', 'import');
  if (isDone()) return passed;
  const [databaseUrl, keystoreUrl] = await createDatabases(mariaDb, ['opskeep', 'keystore']);

  const opskeep = await opskeepSide.start(databaseUrl, keystoreUrl);
  defer(() => opskeep.stop());
  const { scenarios, ids, ...selection } = await opskeepSide.fill(credentials);
  for (const one of scenarios.filter(({ name }) => isWanted(name))) {
    const plain = await startPlainServer(databaseUrl, one.selection ?? selection);
    const setting = {
      plainUrl: plain.url,
      opskeepUrl: opskeep.url,
      bufferPool: BUFFER_POOL,
      rounds,
      seconds,
    };
    const own = { requests: one.requests, ids: one.ids ?? ids, connections: one.connections };
    const plainIds = one.plainIds ?? (own.ids.length > 0 ? own.ids : ids);
    try {
      if (!(await comparison(setting)(one.name, own, one.plainName, one.minimumRatio, plainIds)))
        passed = false;
    } finally {
      await plain.stop();
    }
  }
  if (isWanted('workers')) {
    const args = ['cli.js', 'admin', 'serve', '--workers', '2'];
    const two = await opskeepSide.startBeside(databaseUrl, keystoreUrl, args);
    defer(() => two.stop());
    const size = { rounds, seconds };
    if (!(await workersInTime(opskeep.url, two.url, { scenarios, ids }, size))) passed = false;
  }
  if (isWanted('earlier')) {
    if (!hasEarlierStack()) console.log('earlier: not measured, its packages are not installed');
    else {
      const [earlier] = await createDatabases(mariaDb, ['earlier']);
      const size = { count: credentials, rounds, seconds };
      if (!(await earlierInTime({ url: opskeep.url, scenarios }, earlier, size, defer))) passed = false;
    }
  }
  return passed;
}

const cleanups = [];
try {
  if (!(await main(cleanup => cleanups.unshift(cleanup)))) process.exitCode = 1;
} finally {
  for (const cleanup of cleanups) await cleanup();
}
