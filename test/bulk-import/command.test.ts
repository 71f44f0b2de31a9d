import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type TestApp } from '../app.js';
import { environmentBeside, runCommand } from '../harness/command.js';

let t: TestApp;
let folder: string;
beforeAll(async () => {
  t = await startApp();
  folder = mkdtempSync(join(tmpdir(), 'opskeep-import-'));
});
afterAll(async () => {
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: string[], input = '') =>
  runCommand(environmentBeside(t), ['admin', 'import', ...args], input);

it('brings a file in beside a server, and tells what is wrong with another', async () => {
  const client = await t.make('clients');
  const file = join(folder, 'sites.csv');
  const lines = Array.from({ length: 700 }, (_, n) => `${String(client.name)},Site ${n}\n`);
  writeFileSync(file, `client_name,name\n${lines.join('')}`);
  const brought = await run(['sites', file, '--json']);
  expect([brought.code, brought.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
  expect(brought.json()).toMatchObject({ state: 'done', created: 700, rows_total: 700 });
  const entries = await t.http('GET', '/api/api-audit-log', { query: { action: 'import_job.end' } });
  expect(entries.body.items).toMatchObject([{ actor_type: 'system' }]);
  const again = await run(['sites', file]);
  expect(again.code).toBe(1);
  expect(again.stdout).toMatch(
    /^700 rows are not valid, so that none was written\nrow +line +field +fault\n1 +2 +name +is that of/,
  );
  expect(again.stdout).toMatch(/and 600 more\n$/);
  const refused = await run(['sites', '-', '--on-conflict', 'never'], 'name\n');
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/on_conflict: must be one of error, skip, update/),
  ]);
});
