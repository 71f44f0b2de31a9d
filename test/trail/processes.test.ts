import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FreshDatabase } from '../harness/database.js';
import { call, environmentOf, logIn, type Server, startServer } from '../harness/server.js';
import { startedDatabase } from '../harness/started.js';
import { runCommand } from '../harness/command.js';
import { query } from '../harness/query.js';

jest.setTimeout(180_000);

let fresh: FreshDatabase;
let environment: Record<string, string>;
let server: Server | undefined;
beforeAll(async () => {
  fresh = await startedDatabase();
  environment = environmentOf(fresh);
});
afterAll(async () => {
  await server?.kill();
  await fresh.drop();
});

const sql = <T>(text: string) => query<T>(fresh.url, text);
const unsealed = async () =>
  Number((await sql<{ count: number }>('SELECT COUNT(*) AS count FROM journal WHERE seq IS NULL'))[0]?.count);

test('a clean stop seals what is left, a command what it wrote itself; the head is kept outside of the database', async () => {
  server = await startServer(environment);
  const token = await logIn(server);
  await call(server, 'POST', '/api/clients', { token, body: { name: 'The last one' } });
  server.signal('SIGTERM');
  expect(await server.exited).toMatchObject({ code: 0 });
  server = undefined;
  expect(await unsealed()).toBe(0);
  const size = async () => Number((await sql<{ size: number }>('SELECT size FROM audit_head'))[0]?.size);
  const stopped = await size();
  const head = join(fresh.data, 'audit.head');
  expect(readFileSync(head, 'utf8').split('\n')[1]).toBe(String(stopped));
  const added = await runCommand(environment, [
    'admin',
    'user',
    'add',
    'auditor@example.com',
    '--scopes',
    'msp:read',
    '--json',
  ]);
  expect(added.code).toBe(0);
  expect(await unsealed()).toBe(0);
  expect(await size()).toBeGreaterThan(stopped);
  expect(readFileSync(head, 'utf8').split('\n')[1]).toBe(String(await size()));
});
