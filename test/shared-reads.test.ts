import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { startApp, type TestApp } from './app.js';
import { testDatabase } from './harness/database.js';
import { query } from './harness/query.js';

const sqlite = testDatabase() === 'sqlite';

let t: TestApp;
let ids: string[];
beforeAll(async () => {
  t = await startApp();
  const client_id = (await t.make('clients')).id;
  ids = [];
  for (let n = 0; n < 12; n++) ids.push((await t.make('credentials', { client_id })).id);
});
afterAll(() => t.close());

const url = () => t.opened.settings.DATABASE_URL.reveal();
const reveal = (id: string) => t.http('GET', `/api/credentials/${id}`);
const entriesOf = async (id: string) =>
  (await t.sql('SELECT n FROM journal WHERE action = ? AND resource_id = ?', ['credential.decrypt', id]))
    .length;

test('reads at the same time share an insert, and an entry that is refused for its data fails its read alone', async () => {
  const [bad = '', ...good] = ids;
  // The journal takes everything but what is about one credential.
  await query(
    url(),
    sqlite
      ? `CREATE TRIGGER journal_bad BEFORE INSERT ON journal WHEN NEW.resource_id = '${bad}' BEGIN SELECT RAISE(ABORT, 'bad'); END`
      : `CREATE TRIGGER journal_bad BEFORE INSERT ON journal FOR EACH ROW IF NEW.resource_id = '${bad}' THEN SIGNAL SQLSTATE '45000'; END IF`,
  );
  const before = await Promise.all(ids.map(entriesOf));
  const answers = await Promise.all(ids.map(reveal));
  await query(url(), 'DROP TRIGGER journal_bad');
  expect(answers.map(one => one.status)).toEqual([503, ...good.map(() => 200)]);
  expect(answers[0]?.text).not.toContain('CANARY');
  for (const { text } of answers.slice(1)) expect(text).toContain('CANARY');
  expect(await Promise.all(ids.map(entriesOf))).toEqual(before.map((count, n) => count + (n === 0 ? 0 : 1)));
});

interface Pooled {
  stream: { destroy(): void };
  threadId: number;
}

/** The connections that the application holds now. */
function connections(): Pooled[] {
  const { driver } = t.opened.database.dataSource as unknown as {
    driver: { pool: { _allConnections: { toArray(): Pooled[] } } };
  };
  return driver.pool._allConnections.toArray();
}

(sqlite ? describe.skip : describe)('a connection that is lost while entries are written', () => {
  /** Asks for all while the journal is locked, loses the connections of the inserts by `lose`, and unlocks. */
  async function whileLost(lose: (one: Pooled, root: mysql.Connection) => unknown): Promise<void> {
    const before = await Promise.all(ids.map(entriesOf));
    const other = await mysql.createConnection(url());
    await other.query('LOCK TABLES journal WRITE');
    const asked = Promise.all(ids.map(reveal));
    const inserts = "SELECT id FROM information_schema.processlist WHERE info LIKE 'INSERT INTO journal%'";
    const waiting = await mysql.createConnection(url());
    let threads: number[] = [];
    for (let tries = 0; tries < 100 && threads.length === 0; tries++) {
      await sleep(10);
      threads = ((await waiting.query(inserts))[0] as { id: number }[]).map(one => Number(one.id));
    }
    expect(threads.length).toBe(1);
    for (const one of connections()) if (threads.includes(one.threadId)) await lose(one, waiting);
    await other.end();
    const answers = await asked;
    await waiting.end();
    expect(answers.map(one => one.status)).toEqual(ids.map(() => 200));
    expect(await Promise.all(ids.map(entriesOf))).toEqual(before.map(count => count + 1));
  }

  test('the entries that were not written are written by another one', () =>
    whileLost((one, other) => other.query(`KILL CONNECTION ${one.threadId}`)));

  test('those that were written, though nobody said so, count as written', () =>
    whileLost(one => one.stream.destroy()));
});
