/**
 * Whether pages of a list take as long among very many rows as among few: `npm run bench -- lists` (MariaDB), and
 * `-- lists-sqlite`. BENCH_LIST_ROWS (1000000) makes it shorter.
 *
 * Pages stand behind a cursor, and so without a count: behind the first row, and in the middle. What a first page
 * counts beside its rows, up to 10,001, is measured by itself.
 *
 * Two servers, on 10,000 contacts of 50 clients and on very many, answer the same requests in turn, so that a slow
 * minute of the machine hits both.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { loaded } from './modules.mjs';
import { ADMIN, start } from './opskeep.mjs';

const FEW = 10_000;
const MANY = Number(process.env.BENCH_LIST_ROWS ?? 1_000_000);
const CLIENTS = 50;
/** Answers of each server to one request. */
const TIMES = 40;
const TRIES = 3;
/**
 * How many times as long it may take among many rows. Whoever sees some of the clients has other rows passed over or
 * their own sorted, unless the page is in the order of ids alone; a first page counts more of what it finds.
 */
const MOST = { page: 1.3, only: 3, 'only one': 6, counted: 60 };
const RESULTS = new URL('results/', import.meta.url);
const JSON_BODY = { 'content-type': 'application/json' };

/** Rows of a page: few enough for whole pages among few rows. */
const LIMIT = 50;
/** What is asked, beside the limit. */
const QUERIES = [
  '',
  'role=billing',
  'is_important=true',
  'client_id={client}',
  'sort=name',
  'sort=-email',
  'sort=role',
];

/** Whether a page is read in the order of ids, or of one client's. */
const isById = query => query === '' || query.startsWith('client_id=');

async function asked(url, method, path, body, headers = {}) {
  const answer = await fetch(url + path, {
    method,
    headers: { ...(body ? JSON_BODY : {}), ...headers },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const logIn = async (url, who) => ({
  authorization: `Bearer ${(await asked(url, 'POST', '/api/auth/login', who)).access_token}`,
});

const MODULES = {
  multiply: 'test/harness/multiply.ts',
  contact: 'src/directory/contacts/contact.entity.ts',
  resource: 'src/core/resource/resource.ts',
  driver: 'src/formats/sqlite-driver.ts',
};

/** One statement in the database, beside the server. */
async function inDatabase(databaseUrl, text, openSqlite) {
  if (databaseUrl.startsWith('sqlite:')) {
    const database = openSqlite(databaseUrl.slice('sqlite:'.length));
    database.exec(text);
    database.close();
    // Connections that were closed meanwhile are noticed.
    await sleep(200);
    return;
  }
  const connection = await mysql.createConnection(databaseUrl);
  await connection.query('SET SESSION max_recursive_iterations = 1000000');
  await connection.query(text);
  await connection.query('ANALYZE TABLE contacts');
  await connection.end();
}

/** Clients, as many contacts as asked for in turn of each, and four users; answers with who asks. */
export async function fill({ url, databaseUrl, rows }) {
  const load = await loaded(Object.values(MODULES));
  const [{ multiplied }, { Contact }, { resourceOf }, { openSqlite }] = await Promise.all(
    Object.values(MODULES).map(load),
  );
  const admin = await logIn(url, ADMIN);
  const made = await asked(
    url,
    'POST',
    '/api/clients/bulk',
    { items: Array.from({ length: CLIENTS }, (_, n) => ({ name: `Client ${n}` })) },
    admin,
  );
  const clients = made.results.map(one => one.id);
  await asked(
    url,
    'POST',
    '/api/contacts',
    { client_id: clients[0], name: 'First', email: 'first@bench.example' },
    admin,
  );
  const columns = resourceOf(Contact).fields.map(one => one.name);
  const dialect = databaseUrl.startsWith('sqlite:') ? 'sqlite' : 'mariadb';
  const round = `FLOOR(n / ${CLIENTS})`;
  const each = (values, length, number = 'n') =>
    `SUBSTR('${values.map(one => one.padEnd(length)).join('')}', (${number} % ${values.length}) * ${length} + 1, ${length})`;
  const own = {
    client_id: each(clients, 36),
    role: `TRIM(${each(['technical', 'billing', 'primary', 'other', 'other'], 9, round)})`,
    is_important: `CASE WHEN ${round} % 10 = 3 THEN 1 ELSE 0 END`,
  };
  const copies = multiplied(dialect, 'contacts', columns, rows, { name: 'Contact ', email: 'contact' }, own);
  await inDatabase(databaseUrl, copies, openSqlite);
  const users = { administrator: admin };
  const named = {
    only: ['only', clients.slice(0, 5)],
    'only one': ['only', clients.slice(1, 2)],
    except: ['except', clients.slice(5, 10)],
  };
  for (const [name, [client_access, client_ids]] of Object.entries(named)) {
    const who = {
      email: `${name.replace(' ', '-')}@bench.example`,
      password: 'CANARY nine calm lanterns 77',
    };
    await asked(
      url,
      'POST',
      '/api/users',
      { ...who, name, scopes: ['msp:read'], client_access, client_ids },
      admin,
    );
    users[name] = await logIn(url, who);
  }
  return { users, client: clients[1], columns };
}

async function milliseconds(url, path, headers) {
  const began = performance.now();
  const answer = await fetch(url + path, { headers });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return performance.now() - began;
}

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The medians of both servers for one request, which each of them answers in turn. */
async function compare(sides, paths, user) {
  const taken = sides.map(() => []);
  for (let time = -3; time < TIMES; time++)
    for (const [at, side] of sides.entries()) {
      const took = await milliseconds(side.url, paths[at], side.users[user]);
      if (time >= 0) taken[at].push(took);
    }
  return taken.map(median);
}

/** The pages of a list: the first, and those behind cursors that the list itself gives. */
async function placesOf({ url, users, client }, query, user) {
  const path = `/api/contacts?${query.replace('{client}', client)}`;
  const read = async more => asked(url, 'GET', `${path}&limit=1&fields=id${more}`, undefined, users[user]);
  const start = await read('&count=exact');
  const middle = await read(`&skip=${Math.floor(start.total / 2)}`);
  const page = `${path}&limit=${LIMIT}`;
  return {
    counted: page,
    start: `${page}&cursor=${start.next}`,
    middle: `${page}&cursor=${middle.next}`,
  };
}

/** How two sides compare in one place; a busy moment of the machine has another try. */
async function measured(sides, paths, user, most) {
  let best;
  for (let tries = 0; tries < TRIES && !(best?.ratio <= most); tries++) {
    const [few_ms, many_ms] = await compare(sides, paths, user);
    const ratio = many_ms / few_ms;
    if (!(best?.ratio <= ratio)) best = { few_ms, many_ms, ratio };
  }
  return best;
}

/**
 * @param {[string, string][][]} databases of the server with few rows and of that with many: main and keystore
 * @returns {Promise<boolean>} whether no page takes longer among many rows than `MOST` allows
 */
export async function listsInTime(name, [few, many], defer) {
  const sides = [];
  for (const [[databaseUrl, keystoreUrl], rows] of [
    [few, FEW],
    [many, MANY],
  ]) {
    const started = await start(databaseUrl, keystoreUrl);
    defer(() => started.stop());
    const side = { url: started.url, databaseUrl, rows };
    sides.push({ ...side, ...(await fill(side)) });
  }
  const results = [];
  for (const user of Object.keys(sides[0].users))
    for (const query of QUERIES) {
      const places = [];
      for (const side of sides) places.push(await placesOf(side, query, user));
      for (const place of ['start', 'middle', 'counted']) {
        const paths = places.map(one => one[place]);
        const most = MOST[place] ?? (isById(query) ? undefined : MOST[user]) ?? MOST.page;
        results.push({ user, query, place, most, ...(await measured(sides, paths, user, most)) });
      }
    }
  const passed = results.every(one => one.ratio <= one.most);
  console.log(`\n${name}: pages among ${MANY} rows beside those among ${FEW}`);
  const short = number => Number(number.toPrecision(3));
  console.table(
    results.map(one => ({
      ...one,
      few_ms: short(one.few_ms),
      many_ms: short(one.many_ms),
      ratio: short(one.ratio),
    })),
  );
  await mkdir(RESULTS, { recursive: true });
  await writeFile(
    new URL(`${name}.json`, RESULTS),
    `${JSON.stringify({ name, rows: [FEW, MANY], passed, results }, null, 2)}\n`,
  );
  return passed;
}

/** Two databases of SQLite of their own. */
export async function sqliteDatabases(defer) {
  const folder = await mkdtemp(join(tmpdir(), 'opskeep-lists-'));
  defer(() => rm(folder, { recursive: true, force: true }));
  return ['few', 'many'].map(name =>
    ['', '-keys'].map(part => `sqlite:${join(folder, `${name}${part}.sqlite`)}`),
  );
}
