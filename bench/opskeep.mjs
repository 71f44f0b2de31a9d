/**
 * The side of Opskeep: the built program in production settings, filled through its own API, and what is measured.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/harness/free-port.mjs';
import { loaded } from './modules.mjs';
import { NODE_FLAGS } from './processes.mjs';

const ROOT = new URL('..', import.meta.url);
const PASSWORD = `CANARY ${randomBytes(12).toString('hex')}`;
const EMAIL = 'bench@localhost';
const BULK = 1000;
const REVEALED = 20_000;

/** The first administrator of what `start` starts. */
export const ADMIN = { email: EMAIL, password: PASSWORD };

let url;
let token;

/** Of all servers of a run: several on the same databases open the same. */
const KEYS = {
  API_KEY_MASTER_KEY: randomBytes(32).toString('hex'),
  JWT_SECRET_KEY: randomBytes(32).toString('hex'),
};

/** Builds when needed, starts the program on both empty databases and waits until it is ready. */
export async function start(databaseUrl, keystoreUrl) {
  const started = await startBeside(databaseUrl, keystoreUrl, ['main.js']);
  url = started.url;
  return started;
}

/**
 * As `start`, beside a server that was filled.
 *
 * @param {string[]} command file of the build, and its arguments
 */
export async function startBeside(databaseUrl, keystoreUrl, [file, ...args]) {
  const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  if (build.status !== 0) throw new Error('The build failed');
  const data = await mkdtemp(join(tmpdir(), 'opskeep-bench-'));
  const port = await freePort();
  const own = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    OPSKEEP_DATA: data,
    DATABASE_URL: databaseUrl,
    KEYSTORE_DATABASE_URL: keystoreUrl,
    DATABASE_POOL: '32',
    ...KEYS,
    OPSKEEP_ADMIN_EMAIL: EMAIL,
    OPSKEEP_ADMIN_PASSWORD: PASSWORD,
    RATE_LIMIT_PER_MINUTE: '0',
    MASS_REVEAL_LIMIT: '0',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
  };
  const program = new URL(`dist/src/${file}`, ROOT).pathname;
  const child = spawn(process.execPath, [...NODE_FLAGS, program, ...args], {
    env,
    stdio: ['ignore', 2, 2],
  });
  const stop = async () => {
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(`${own}/health/ready`).catch(() => undefined);
    if (answer?.ok) return { url: own, pid: child.pid, stop };
    await sleep(200);
  }
  await stop();
  throw new Error('Opskeep did not become ready');
}

async function call(method, path, body) {
  const answer = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Creates rows in bulk, two requests at a time; resolves to their ids. */
async function makeAll(path, count, bodyOf) {
  const ids = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const from = next;
      next += BULK;
      const items = Array.from({ length: Math.min(BULK, count - from) }, (_, index) => bodyOf(from + index));
      const { results } = await call('POST', `${path}/bulk`, { items });
      ids.push(...results.map(one => one.id));
    }
  };
  await Promise.all([worker(), worker()]);
  if (ids.includes(undefined)) throw new Error(`Not all ${path} were created`);
  return ids;
}

async function selectionOf(module, name) {
  const registry = 'src/core/resource/resource.ts';
  const load = await loaded([module, registry]);
  const [entity, { resourceOf }] = await Promise.all([module, registry].map(load));
  const spec = resourceOf(entity[name]);
  const columns = spec.fields.filter(one => !one.writeOnly).map(one => one.name);
  return { table: spec.table, columns };
}

/** Makes that many credentials of 100 clients, and services; answers with what is measured. */
export async function fill(count) {
  token = (await call('POST', '/api/auth/login', ADMIN)).access_token;
  const clients = await makeAll('/api/clients', 100, index => ({ name: `Client ${index}` }));
  const clientOf = index => clients[index % clients.length];
  const started = Date.now();
  const ids = await makeAll('/api/credentials', count, index => ({
    client_id: clientOf(index),
    credential_type: 'password',
    service_name: `Service ${index}`,
    username: `user${index}`,
    external_url: `https://service${index}.example`,
    password: `CANARY-${index}`,
    is_active: index % 10 !== 0,
  }));
  console.log(`${count} credentials created in bulk in ${Math.round((Date.now() - started) / 1000)} s`);
  const services = await makeAll('/api/services', Math.min(count, 20_000), index => ({
    client_id: clientOf(index),
    name: `Service ${index}`,
    service_type: 'web',
    port: 443,
    protocol: 'https',
  }));
  const headers = { authorization: `Bearer ${token}` };
  const write = { ...headers, 'content-type': 'application/json' };
  const cursors = await cursorsOf(ids);
  const body = newCredential(clients[0]);
  const credential = await selectionOf('src/vault/credentials/credential.entity.ts', 'Credential');
  const service = await selectionOf('src/estate/services/service.entity.ts', 'Service');
  const get = { requests: [{ path: '/api/services/{id}', headers }], ids: services, selection: service };
  const list = {
    requests: [{ path: '/api/credentials?limit=100&cursor={id}', headers }],
    ids: cursors,
    plainIds: ids,
  };
  const reveal = { requests: [{ path: '/api/credentials/{id}', headers }], ids: ids.slice(0, REVEALED) };
  const create = {
    requests: [{ method: 'POST', path: '/api/credentials', headers: write, body }],
    ids: [],
  };
  const bulk = await bulks(clients, write);
  return {
    ...credential,
    ids,
    scenarios: [
      { name: 'get', ...get, plainName: 'item', minimumRatio: 0.35 },
      { name: 'list', ...list, plainName: 'list', minimumRatio: 0.8 },
      { name: 'reveal', ...reveal, plainName: 'item', minimumRatio: 0.12 },
      { name: 'create', ...create, plainName: 'item', minimumRatio: 0.07 },
      { name: 'bulk-sites', ...bulk.sites, plainName: 'rows', minimumRatio: 0.25 },
      { name: 'bulk-billable-time', ...bulk.time, plainName: 'rows', minimumRatio: 0.25 },
    ],
  };
}

/** Requests that create 1,000 rows; each was answered once, so that there are rows for the plain server to store. */
async function bulks(clients, headers) {
  await call('POST', '/api/rate-rules', {
    hourly_rate: '120',
    increment_minutes: 15,
    rounding: 'up',
    scope: 'day',
  });
  const site = index => ({
    client_id: clients[index % 100],
    name: `Site ${index} {new}`,
    address: '1 Quay Street',
  });
  const time = index => ({
    client_id: clients[index % 20],
    work_date: '{day}',
    worked_minutes: 1 + (index % 90),
    labour_type: 'remote',
    description: `Ticket ${index}`,
  });
  const requestsOf = async (path, table, bodyOf) => {
    const items = Array.from({ length: BULK }, (_, index) => bodyOf(index));
    const body = JSON.stringify({ items });
    const once = body.replaceAll('{new}', 'first').replaceAll('{day}', '2026-01-31');
    const { results } = await call('POST', path, JSON.parse(once));
    if (results.some(one => one.status !== 201)) throw new Error(`Not all of ${path} were created`);
    const requests = [{ method: 'POST', path, headers, body }];
    return { requests, ids: [], plainIds: [], connections: 1, selection: { table, columns: ['id'] } };
  };
  return {
    sites: await requestsOf('/api/sites/bulk', 'sites', site),
    time: await requestsOf('/api/billable-time/bulk', 'billable_time', time),
  };
}

function newCredential(client_id) {
  return JSON.stringify({
    client_id,
    credential_type: 'password',
    // Another service each time: the same secret of the same service is a duplicate, which is looked at and recorded.
    service_name: 'New {new}',
    username: 'user',
    password: 'CANARY-new',
  });
}

/** Cursors as the API itself gives them, spread over the whole table: `["-id", id]` behind every 500th row. */
async function cursorsOf(ids) {
  const { next } = await call('GET', '/api/credentials?limit=1');
  const [order] = JSON.parse(Buffer.from(next, 'base64url').toString());
  return ids
    .filter((_, index) => index % 50 === 0)
    .map(id => Buffer.from(JSON.stringify([order, id])).toString('base64url'));
}
