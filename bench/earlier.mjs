/**
 * The same work on the stack of the systems that Opskeep replaces (`bench/earlier/server.py`): `npm run bench -- earlier`.
 * Needs Debian's python3-fastapi, python3-sqlalchemy, python3-uvicorn, python3-pymysql, python3-jwt and
 * python3-cryptography; without them it says so, and measures nothing.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../test/harness/free-port.mjs';
import { inTurn } from './measure.mjs';

const PYTHON = '/usr/bin/python3';
const SERVER = fileURLToPath(new URL('earlier/server.py', import.meta.url));
const MODULES = 'fastapi, sqlalchemy, uvicorn, pymysql, jwt, cryptography';
/** How many times as many requests a second Opskeep answers. */
const WANTED = 15;
const RESULTS = new URL('results/', import.meta.url);

/** Whether the stack is on this machine. */
export function hasEarlierStack() {
  return spawnSync(PYTHON, ['-c', `import ${MODULES}`], { stdio: 'ignore' }).status === 0;
}

/** Fills an empty database and serves it; answers with the url, the header of a login, and the ids. */
async function startEarlier(databaseUrl, count, defer) {
  const env = { ...process.env, EARLIER_KEY: randomBytes(32).toString('base64url').padEnd(44, '=') };
  const { stdout } = await promisify(execFile)(PYTHON, [SERVER, 'fill', String(count), databaseUrl], {
    env,
    maxBuffer: 2 ** 28,
  });
  const port = await freePort();
  const child = spawn(PYTHON, [SERVER, 'serve', String(port), databaseUrl], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  defer(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const listening = once(createInterface({ input: child.stdout }), 'line').then(([line]) => line);
  const failed = exited.then(([code]) => Promise.reject(new Error(`It ended with exit code ${code}.`)));
  const url = await Promise.race([listening, failed]);
  const { token, ...ids } = JSON.parse(stdout);
  return { url, headers: { authorization: `Bearer ${token}` }, ...ids };
}

/** The requests of the four scenarios, as this side takes them. */
function requestsOf({ headers, clients, services, credentials }) {
  const pages = credentials.flatMap((_, index) => (index % 500 === 0 ? [String(index)] : []));
  const body = JSON.stringify({
    client_id: clients[0],
    credential_type: 'password',
    service_name: 'New {new}',
    username: 'user',
    password: 'CANARY-new',
  });
  const json = { ...headers, 'content-type': 'application/json' };
  return {
    get: { requests: [{ path: '/api/services/{id}', headers }], ids: services },
    list: { requests: [{ path: '/api/credentials?limit=100&skip={id}', headers }], ids: pages },
    reveal: { requests: [{ path: '/api/credentials/{id}', headers }], ids: credentials.slice(0, 20_000) },
    create: { requests: [{ method: 'POST', path: '/api/credentials', headers: json, body }], ids: [] },
  };
}

/**
 * Measures both in turn, and prints a table; whether every ratio reached what is wanted.
 *
 * @param {{ url: string, scenarios: object[] }} opskeep filled, with what `bench/opskeep.mjs` measures
 * @param {string} databaseUrl an empty database of the same server
 */
export async function earlierInTime(opskeep, databaseUrl, { count, rounds, seconds }, defer) {
  const earlier = await startEarlier(databaseUrl, count, defer);
  const theirs = requestsOf(earlier);
  const results = [];
  for (const [name, jobs] of Object.entries(theirs)) {
    const { requests, ids } = opskeep.scenarios.find(one => one.name === name);
    const sides = {
      opskeep: { url: opskeep.url, requests, ids, seconds },
      earlier: { url: earlier.url, ...jobs, seconds },
    };
    const { opskeep: own, earlier: other } = await inTurn(sides, rounds);
    results.push({
      name,
      opskeep_per_second: Math.round(own),
      earlier_per_second: Math.round(other),
      ratio: own / other,
    });
  }
  const passed = results.every(one => one.ratio >= WANTED);
  console.log(`\nearlier: FastAPI, SQLAlchemy and Fernet, one process; wanted ${WANTED}`);
  console.table(results.map(one => ({ ...one, ratio: Number(one.ratio.toPrecision(3)) })));
  await mkdir(RESULTS, { recursive: true });
  await writeFile(
    new URL('earlier.json', RESULTS),
    `${JSON.stringify({ name: 'earlier', wanted: WANTED, passed, results }, null, 2)}\n`,
  );
  return passed;
}
