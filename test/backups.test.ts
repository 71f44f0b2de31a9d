import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, type TestApp } from './app.js';
import { environmentBeside, runCommand } from './harness/command.js';
import { type FreshDatabase, freshDatabase } from './harness/database.js';
import { query } from './harness/query.js';

let t: TestApp;
let environment: Record<string, string>;
beforeAll(async () => {
  t = await startApp();
  environment = environmentBeside(t);
});
afterAll(() => t.close());

/** The environment of another machine, with the same master key and empty databases. */
const elsewhere = ({ data, url, keystoreUrl }: FreshDatabase) => ({
  ...environment,
  HOME: data,
  OPSKEEP_DATA: data,
  DATABASE_URL: url,
  KEYSTORE_DATABASE_URL: keystoreUrl,
});

test('a backup goes into empty databases, and everything opens', async () => {
  const client = await t.make('clients', { name: 'Acme' });
  await t.make('credentials', { client_id: client.id, credential_type: 'password', service_name: 'VPN', password: 'CANARY 1' });
  const made = await runCommand(environment, ['admin', 'backup', 'create', '--json']);
  console.log(made);
  const { file } = made.json<{ file: string }>();
  const fresh = await freshDatabase();
  const there = elsewhere(fresh);
  console.log(await runCommand(environment, ['admin', 'backup', 'list']));
  console.log(await runCommand(environment, ['admin', 'backup', 'verify', file]));
  console.log(await runCommand(there, ['admin', 'backup', 'restore', file]));
  console.log(await runCommand(there, ['admin', 'audit', 'verify']));
  console.log(await runCommand(there, ['admin', 'doctor']));
  console.log(await query(there.DATABASE_URL, 'SELECT name FROM clients'));
  await fresh.drop();
}, 100000);
