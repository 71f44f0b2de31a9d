import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SealKeys } from '../../src/core/audit/seals/seal-keys.js';
import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import { startApp, type TestApp } from '../app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

test('every entry has its place in the order of the journal, without gaps, and a signed checkpoint over all', async () => {
  for (let count = 0; count < 5; count++) await t.make('clients');
  await t.app.get(Sequencer).sealNow();
  const rows = await t.sql<{ n: number; seq: number | null }>('SELECT n, seq FROM journal ORDER BY n');
  expect(rows.map(one => one.seq)).toEqual(rows.map((_, n) => n + 1));
  const keys = t.app.get(SealKeys);
  const path = join(t.opened.settings.OPSKEEP_DATA, 'audit.head');
  const note = readFileSync(path, 'utf8');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const head = await keys.open(note);
  expect(head.size).toBe(rows.length);
  expect(await t.sql('SELECT size, root FROM audit_head')).toEqual([
    { size: head.size, root: head.root.toString('base64') },
  ]);
  expect(await t.sql('SELECT note FROM audit_checkpoints')).toEqual([{ note }]);
});
