/**
 * How fast a file of very many sites is brought in beside multi-row inserts of the same rows and journal entries by the
 * plain driver, and how much memory that takes beside an idle server: `npm run bench -- import` (MariaDB), and
 * `-- import-sqlite`. BENCH_ROWS (100000) makes it shorter. The plain side has an installation of its own, empty as the
 * other was, and stores what the import has left there.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { processorTime, resident } from './exports.mjs';
import { loaded } from './modules.mjs';
import { ADMIN, start } from './opskeep.mjs';

const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const CLIENTS = 100;
const LEAST_RATIO = 0.25;
/** Rows of a statement, and statements of a transaction of the plain side. */
const TOGETHER = 500;
const RESULTS = new URL('results/', import.meta.url);

async function call(url, method, path, headers, body) {
  const answer = await fetch(url + path, { method, headers, body });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Brings the file in; seconds and processor seconds of the server, and the most memory meanwhile. */
async function imported({ url, pid }) {
  const json = { 'content-type': 'application/json' };
  const { access_token } = await call(url, 'POST', '/api/auth/login', json, JSON.stringify(ADMIN));
  const headers = { authorization: `Bearer ${access_token}` };
  const items = Array.from({ length: CLIENTS }, (_, n) => ({ name: `Client ${n}` }));
  const made = await call(
    url,
    'POST',
    '/api/clients/bulk',
    { ...headers, ...json },
    JSON.stringify({ items }),
  );
  const clients = made.results.map(one => one.id);
  const line = n => `${clients[n % CLIENTS]},Site ${n},1 Quay Street\n`;
  const file = `client_id,name,address\n${Array.from({ length: ROWS }, (_, n) => line(n)).join('')}`;
  await sleep(3_000);
  const idle = resident(pid);
  let most = idle;
  const watch = setInterval(() => (most = Math.max(most, resident(pid))), 50);
  const [began, used] = [performance.now(), processorTime(pid)];
  let job = await call(
    url,
    'POST',
    '/api/bulk-import/sites',
    { ...headers, 'content-type': 'text/csv' },
    file,
  );
  while (job.finished_at === null) {
    await sleep(100);
    job = await call(url, 'GET', `/api/bulk-import/jobs/${job.id}`, headers);
  }
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  if (job.state !== 'done' || job.created !== ROWS) throw new Error(`The import is ${JSON.stringify(job)}`);
  return { seconds, processor: processorTime(pid) - used, idle, most };
}

/** The database by its plain driver: all rows of a query, and rows into a table. */
async function plainly(databaseUrl) {
  if (databaseUrl.startsWith('sqlite:')) {
    const load = await loaded(['src/formats/sqlite-driver.ts']);
    const { openSqlite } = await load('src/formats/sqlite-driver.ts');
    const database = openSqlite(databaseUrl.slice('sqlite:'.length));
    for (const one of [
      'journal_mode = WAL',
      'synchronous = FULL',
      'foreign_keys = ON',
      'recursive_triggers = ON',
    ])
      database.pragma(one);
    const statements = new Map();
    const prepared = text => statements.get(text) ?? statements.set(text, database.prepare(text)).get(text);
    return {
      all: async text => database.prepare(text).raw().all(),
      columns: async table => database.pragma(`table_info(${table})`).map(one => one.name),
      together: async work => {
        database.exec('BEGIN IMMEDIATE');
        await work();
        database.exec('COMMIT');
      },
      insert: async (table, columns, rows) => {
        const places = `(${columns.map(() => '?').join()})`;
        const text = `INSERT INTO ${table} (${columns.join()}) VALUES ${rows.map(() => places).join()}`;
        prepared(text).run(rows.flat());
      },
      end: async () => database.close(),
    };
  }
  const connection = await mysql.createConnection({ uri: databaseUrl, dateStrings: true });
  const all = async text => (await connection.query({ sql: text, rowsAsArray: true }))[0];
  return {
    all,
    columns: async table => (await all(`SHOW COLUMNS FROM ${table}`)).map(([name]) => name),
    together: async work => {
      await connection.beginTransaction();
      await work();
      await connection.commit();
    },
    insert: (table, columns, rows) =>
      connection.query(`INSERT INTO ${table} (${columns.join()}) VALUES ?`, [rows]),
    end: () => connection.end(),
  };
}

/** What the import has left in one database goes into the other; seconds of that. */
async function inserted(from, to) {
  const [source, target] = [await plainly(from), await plainly(to)];
  const table = async (name, where) => {
    // The number of an entry is the table's, and its place in the trail is given later.
    const columns = (await source.columns(name)).filter(
      one => name !== 'journal' || !['n', 'seq'].includes(one),
    );
    return { name, columns, rows: await source.all(`SELECT ${columns.join()} FROM ${name} WHERE ${where}`) };
  };
  const clients = await table('clients', '1 = 1');
  await target.insert(clients.name, clients.columns, clients.rows);
  const tables = [await table('sites', '1 = 1'), await table('journal', "action = 'site.create'")];
  if (tables.some(one => one.rows.length !== ROWS)) throw new Error('Rows or entries are missing');
  const began = performance.now();
  for (let at = 0; at < ROWS; at += TOGETHER)
    await target.together(async () => {
      for (const { name, columns, rows } of tables)
        await target.insert(name, columns, rows.slice(at, at + TOGETHER));
    });
  const seconds = (performance.now() - began) / 1000;
  await Promise.all([source.end(), target.end()]);
  return seconds;
}

/** @returns {Promise<boolean>} whether it is fast enough */
export async function importsInTime(name, [own, plain], defer) {
  // An empty installation, with nobody at work in it any more.
  await (await start(...plain)).stop();
  const opskeep = await start(...own);
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await opskeep.stop();
    isStopped = true;
  };
  defer(stop);
  const { seconds, processor, idle, most } = await imported(opskeep);
  await stop();
  const plainSeconds = await inserted(own[0], plain[0]);
  const result = {
    plain_rows_a_second: Math.round(ROWS / plainSeconds),
    rows_a_second: Math.round(ROWS / seconds),
    ratio: Number((plainSeconds / seconds).toFixed(2)),
    processor_seconds: Number(processor.toFixed(1)),
    idle_mib: Math.round(idle),
    most_mib: Math.round(most),
    memory: Number((most / idle).toFixed(2)),
  };
  const passed = result.ratio >= LEAST_RATIO;
  console.log(`\n${name}: ${ROWS} sites from a file, beside plain inserts of the same rows and entries`);
  console.table([result]);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(
    new URL(`${name}.json`, RESULTS),
    `${JSON.stringify({ name, rows: ROWS, passed, ...result }, null, 2)}\n`,
  );
  return passed;
}
