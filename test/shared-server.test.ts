import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FreshDatabase } from './harness/database.js';
import { ADMIN_PASSWORD, call, environmentOf, logIn, type Server, startServer } from './harness/server.js';
import { startedDatabase } from './harness/started.js';
import { processTime } from './harness/thread-time.js';

/** What one user asks for takes others neither the threads nor SQLite's writer. */
let fresh: FreshDatabase;
let server: Server;
let token: string;
let other: { email: string; token: string };
let client_id: string;

beforeAll(async () => {
  fresh = await startedDatabase();
  server = await startServer(environmentOf(fresh));
  token = await logIn(server);
  client_id = (await post('/api/clients', { name: 'The client' })).body.id;
  const email = 'other@canary.test';
  const scopes = ['msp:read', 'msp:write', 'msp:admin'];
  await post('/api/users', { email, name: 'Other', password: ADMIN_PASSWORD, scopes });
  const answer = await call(server, 'POST', '/api/auth/login', { body: { email, password: ADMIN_PASSWORD } });
  other = { email, token: answer.body.access_token };
}, 120_000);
afterAll(async () => {
  await server?.kill();
  await fresh?.drop();
});

const post = (path: string, body?: unknown, as = token) => call(server, 'POST', path, { token: as, body });
const credential = (n: number) => ({
  client_id,
  credential_type: 'password',
  service_name: `Service ${n}`,
  password: `CANARY ${randomBytes(9).toString('hex')}`,
});

test('250 passwords to be rated at once keep nobody else from creating users and credentials', async () => {
  const flood = Array.from({ length: 250 }, () =>
    post('/api/credentials/strength', { password: '1'.repeat(100) }),
  );
  const rated = Promise.allSettled(flood);
  await sleep(300);
  const user = { email: 'new@canary.test', name: 'New', password: 'CANARY lantern orbit 42 velvet' };
  expect((await post('/api/users', user, other.token)).status).toBe(201);
  const { status, body } = await post('/api/credentials', credential(0), other.token);
  expect([status, body.strength]).toEqual([201, expect.any(Number)]);
  await rated;
}, 60_000);

test('1,000 items of 50 new tags each are refused, and others log in meanwhile', async () => {
  const items = Array.from({ length: 1000 }, (_, n) => ({
    ...credential(n),
    tags: Array.from({ length: 50 }, (_, m) => `tag-${n}-${m}`),
  }));
  const began = processTime(server.pid);
  const bulk = post('/api/credentials/bulk', { atomic: true, items });
  await sleep(1000);
  const login = () =>
    call(server, 'POST', '/api/auth/login', { body: { email: other.email, password: ADMIN_PASSWORD } });
  const during = login();
  expect((await bulk).status).toBeGreaterThanOrEqual(400);
  expect(processTime(server.pid) - began).toBeLessThan(15_000);
  expect((await during).status).toBe(200);
  expect((await login()).status).toBe(200);
  const stored = await call(server, 'GET', '/api/tags?name__startswith=tag-', { token });
  expect(stored.body.total).toBe(0);
}, 60_000);
