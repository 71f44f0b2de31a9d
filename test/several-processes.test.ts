import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { HeadFile } from '../src/core/audit/seals/head-file.js';
import { SealKeys } from '../src/core/audit/seals/seal-keys.js';
import { TrustedHead } from '../src/core/audit/seals/trusted-head.js';
import { SharedCounts } from '../src/core/http/limits/shared-counts.js';
import { Guesses, MOST_GUESSES } from '../src/vault/credentials/secrets/guesses.js';
import { startApp, type TestApp } from './app.js';
import { freshDatabase, testDatabase } from './harness/database.js';

/** What processes have together beside the rows; whole ones are tried in worker-processes.test.ts. */
let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const onMariadb = testDatabase() === 'mariadb';
const counts = () => new SharedCounts(t.opened.database, t.opened.logger);
const MINUTE = 60_000;
/** Tells and hears what waits for the end of a second. */
const exchange = (one: SharedCounts) => one.onApplicationShutdown();

(onMariadb ? describe : describe.skip)('counts', () => {
  test('are told to all who count the same, until their window ends', async () => {
    const [one, other, third] = [counts(), counts(), counts()] as const;
    one.note('login:192.0.2.1', { points: 3, left: MINUTE });
    one.note('login:192.0.2.2', { points: 9, left: 0 });
    other.note('login:192.0.2.1', { points: 4, left: MINUTE / 2 });
    await exchange(one);
    await exchange(other);
    for (const name of ['login:192.0.2.1', 'login:192.0.2.2', 'login:192.0.2.3'])
      third.note(name, { points: 1, left: MINUTE });
    await exchange(third);
    const heard = third.elsewhere('login:192.0.2.1');
    expect(heard.points).toBe(7);
    expect(heard.left).toBeGreaterThan(MINUTE / 2);
    expect(heard.left).toBeLessThanOrEqual(MINUTE);
    expect(third.elsewhere('login:192.0.2.2').points).toBe(0);
    expect(third.elsewhere('login:192.0.2.3').points).toBe(0);
    expect(one.elsewhere('login:192.0.2.1').points).toBe(0);
  });

  test('bound what an access token may try in an hour, in whichever process', async () => {
    const [one, other] = [counts(), counts()] as const;
    const guesses = (from: number, many: number) =>
      new Map(Array.from({ length: many }, (_, n) => [`f${from + n}`, `guess ${from + n}`]));
    expect(new Guesses(one).admit('anna', guesses(0, 400)).beyond).toEqual([]);
    await exchange(one);
    const there = new Guesses(other);
    expect(there.admit('anna', guesses(400, 1)).beyond).toEqual([]);
    await exchange(other);
    const { admitted, beyond } = there.admit('anna', guesses(401, 150));
    expect([admitted.length, beyond.length]).toEqual([MOST_GUESSES - 401, 150 - (MOST_GUESSES - 401)]);
  });
});

(onMariadb ? test.skip : test)('SQLite has one server, which tells nobody', async () => {
  const one = counts();
  one.note('login:192.0.2.1', { points: 3, left: MINUTE });
  await exchange(one);
  expect(await t.sql('SELECT name FROM shared_counts')).toEqual([]);
});

test('of two processes that share a data folder, the one behind leaves the newer head of the trail there', async () => {
  const fresh = await freshDatabase();
  try {
    const keys = t.app.get(SealKeys);
    const headOf = (size: number) => ({ size, root: createHash('sha256').update(String(size)).digest() });
    const notes = await Promise.all([5, 7, 9].map(size => keys.sign(headOf(size))));
    const file = new HeadFile(fresh.data);
    const [one, other] = [new TrustedHead(keys, file), new TrustedHead(keys, file)];
    await one.move(headOf(7), notes[1] ?? '');
    await other.move(headOf(5), notes[0] ?? '');
    expect(await file.read()).toBe(notes[1]);
    await other.move(headOf(9), notes[2] ?? '');
    expect(await file.read()).toBe(notes[2]);
    // What nobody here has signed is replaced, however new it says it is.
    await file.write((notes[2] ?? '').replace('\n9\n', '\n99\n'));
    await one.move(headOf(9), notes[2] ?? '');
    expect(await file.read()).toBe(notes[2]);
    expect(readdirSync(fresh.data).filter(name => name.startsWith('audit.head'))).toEqual(['audit.head']);
  } finally {
    await fresh.drop();
  }
});
