import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { openSqlite } from '../src/formats/sqlite-driver.js';
import { type Answer, startApp, type TestApp } from './app.js';
import { testDatabase } from './harness/database.js';
import { leastOfTries } from './harness/tries.js';

const sqlite = testDatabase() === 'sqlite';

let t: TestApp;
let client: string;
let ids: string[];
beforeAll(async () => {
  t = await startApp();
  client = (await t.make('clients', { notes: 'before' })).id;
  ids = [];
  for (let n = 0; n < 4; n++) ids.push((await t.make('credentials', { client_id: client })).id);
});
afterAll(() => t.close());

/** Somebody else holds what an entry needs: SQLite's only writer, or the table of the journal. */
async function blocked<T>(work: () => Promise<T>): Promise<T> {
  const url = t.opened.settings.DATABASE_URL.reveal();
  if (sqlite) {
    const handle = openSqlite(url.slice('sqlite:'.length));
    handle.exec('BEGIN IMMEDIATE');
    try {
      return await work();
    } finally {
      handle.exec('ROLLBACK');
      handle.close();
    }
  }
  const connection = await mysql.createConnection(url);
  try {
    await connection.query('LOCK TABLES journal WRITE');
    return await work();
  } finally {
    await connection.end();
  }
}

async function timed(asked: Promise<Answer>): Promise<{ answer: Answer; ms: number }> {
  const began = performance.now();
  const answer = await asked;
  return { answer, ms: performance.now() - began };
}

function expectRefused({ answer, ms }: { answer: Answer; ms: number }): void {
  expect([answer.status, answer.headers['retry-after'], answer.body.code]).toEqual([
    503,
    '30',
    'unavailable',
  ]);
  expect(answer.text).not.toContain('CANARY');
  expect(answer.text).not.toMatch(/journal|sqlite|lock/i);
  expect(ms).toBeGreaterThan(1_000);
  expect(ms).toBeLessThan(10_000);
}

const reveal = (id = '') => timed(t.http('GET', `/api/credentials/${id}`));

describe('while the trail cannot be reached', () => {
  test('whoever looks at a secret waits for two seconds, however many come and whenever, and gets none', async () => {
    const answers = await blocked(async () => {
      const asked = [reveal(ids[0]), reveal(ids[1])];
      // This one comes while the first ones are being written.
      await sleep(1_200);
      asked.push(reveal(ids[2]));
      asked.push(timed(t.http('POST', '/api/credentials/reveal', { body: { ids, reason: 'blocked' } })));
      return Promise.all(asked);
    });
    answers.forEach(expectRefused);
    const after = await leastOfTries(1_500, async () => {
      const { answer, ms } = await reveal(ids[0]);
      expect([answer.status, answer.text.includes('CANARY')]).toEqual([200, true]);
      return ms;
    });
    expect(after).toBeLessThan(1_500);
  });

  test('a refusal is answered all the same', async () => {
    const reader = await t.user({ scopes: ['msp:read'] });
    const { answer, ms } = await blocked(() =>
      timed(t.http('POST', '/api/clients', { token: reader.token, body: {} })),
    );
    expect(answer.status).toBe(403);
    expect(ms).toBeLessThan(3_000);
  });

  test('what was refused meanwhile is on the record afterwards, with its time', async () => {
    const { token } = await t.user({ scopes: ['msp:read'] });
    const until = await blocked(async () => {
      const asked = [
        ...ids.slice(0, 2).map(id => t.http('GET', `/api/credentials/${id}`, { token })),
        t.http('POST', '/api/credentials/reveal', { token, body: { ids: ids.slice(2), reason: 'looking' } }),
      ];
      expect((await Promise.all(asked)).map(one => one.status)).toEqual([404, 404, 200]);
      return new Date().toISOString();
    });
    const text =
      "SELECT DISTINCT resource_id, at FROM journal WHERE outcome = 'refused' AND resource_id IN (?, ?, ?, ?)";
    let entries: { resource_id: string; at: string }[] = [];
    for (let tries = 0; tries < 100 && entries.length < 4; tries++) {
      await sleep(100);
      entries = await t.sql(text, ids);
    }
    expect(entries.map(one => one.resource_id).sort()).toEqual([...ids].sort());
    for (const { at } of entries) expect(at < until.replace('T', ' ')).toBe(true);
  });

  (sqlite ? test.skip : test)(
    'a change is undone after two seconds, and leaves no statement behind',
    async () => {
      const waiting = () =>
      t.sql("SELECT id FROM information_schema.processlist WHERE user = SUBSTRING_INDEX(CURRENT_USER(), '@', 1) AND info LIKE 'INSERT INTO journal%'"); // prettier-ignore
      const answers = await blocked(async () => {
        const asked = [1, 2, 3].map(() =>
          timed(t.http('PATCH', `/api/clients/${client}`, { body: { notes: 'after' } })),
        );
        const done = await Promise.all(asked);
        for (let n = 0; n < 40 && (await waiting()).length > 0; n++) await sleep(25);
        expect(await waiting()).toEqual([]);
        return done;
      });
      expectRefused(answers[0]!);
      for (const { answer, ms } of answers) {
        expect(answer.status).toBe(503);
        // The others waited for the row that the first one held.
        expect(ms).toBeLessThan(8_000);
      }
      expect((await t.http('GET', `/api/clients/${client}`)).body.notes).toBe('before');
      expect((await t.http('PATCH', `/api/clients/${client}`, { body: { notes: 'after' } })).status).toBe(
        200,
      );
    },
  );
});
