import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalVerifier } from '../../src/core/audit/journal-verifier.js';
import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import { startApp, type TestApp } from '../app.js';
import { environmentBeside, runCommand } from '../harness/command.js';

jest.setTimeout(180_000);

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
  // From now on others seal, and this one when it is told to.
  await t.app.get(Sequencer).onApplicationShutdown();
  await t.app.get(Sequencer).sealNow();
});
afterAll(() => t.close());

const one = async (text: string) => Number(Object.values((await t.sql<object>(text))[0] ?? {})[0]);
const sealed = () => one('SELECT size FROM audit_head');
const unsealed = () => one('SELECT COUNT(*) FROM journal WHERE seq IS NULL');
const kept = () =>
  Number(readFileSync(join(t.opened.settings.OPSKEEP_DATA, 'audit.head'), 'utf8').split('\n')[1]);

/** Seals in a process of its own, which is killed before a step. */
const killedAt = (step: string) =>
  runCommand(
    {
      ...environmentBeside(t),
      NODE_OPTIONS: `--require ${join(__dirname, '../harness/kill-at.cjs')}`,
      KILL_AT: step,
    },
    ['admin', 'audit', 'head'],
  );

test('where nothing kills it, the same command seals and prints', async () => {
  await t.make('clients');
  const ran = await killedAt('');
  expect([ran.code, await unsealed(), kept()]).toEqual([0, 0, await sealed()]);
  expect(ran.stdout).toContain(`\n${await sealed()}\n`);
});

test.each([
  // The step before which it is killed; whether what it sealed stands, and whether the head is kept outside.
  ['places', false, false],
  ['tiles', false, false],
  ['cleared', false, false],
  ['checkpoint', false, false],
  ['head', false, false],
  ['commit', false, false],
  ['written', true, false],
  ['rename', true, false],
  ['renamed', true, true],
])('killed at the step "%s" of a seal, it leaves no half of one, and the next goes on', async (step, stands, isKept) => {
  await t.make('clients');
  const [before, waiting] = [await sealed(), await unsealed()];
  expect(waiting).toBeGreaterThan(0);
  const ran = await killedAt(step);
  expect({ code: ran.code, printed: ran.stdout }).toEqual({ code: null, printed: '' });
  expect([await sealed(), await unsealed()]).toEqual(stands ? [before + waiting, 0] : [before, waiting]);
  // What is kept outside is never ahead of the database.
  expect(kept()).toBe(isKept ? before + waiting : before);

  await t.make('clients');
  await t.app.get(Sequencer).sealNow();
  expect(await unsealed()).toBe(0);
  const size = await one('SELECT COUNT(*) FROM journal');
  expect([await sealed(), await one('SELECT MAX(seq) FROM journal'), kept()]).toEqual([size, size, size]);
  expect(await t.app.get(JournalVerifier).verify()).toMatchObject({ ok: true, faults: [] });
  await t.app.get(Sequencer).sealNow();
}); // prettier-ignore
