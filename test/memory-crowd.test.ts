import { TermStatistics } from '../src/memory/recall/term-statistics.service.js';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
let count = 0;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const event = (kind: string, text: string, minute: number) => ({
  key: `crowd-${++count}`,
  kind,
  at: new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString(),
  session_key: `crowd ${minute}`,
  project: { name: 'crowd' },
  speaker: 'user',
  text,
});
const take = (events: object[]) => t.http('POST', '/api/memory/events', { body: { events } });
const decisions = (many: number) =>
  Array.from(
    { length: many },
    () => `We decided to use relay${++count} for office${count} instead of bridge${count} and lane${count}.`,
  ).join('\n');
const words = (many: number) => Array.from({ length: many }, () => `w${++count}x`).join(' ');

/** How many units stored events: each claims their keys at one time. */
async function unitsOf(events: { key: string }[]): Promise<number> {
  const keys = events.map(({ key }) => key);
  const [row] = await t.sql<{ n: number }>(
    `SELECT COUNT(DISTINCT created_at) AS n FROM memory_events WHERE event_key IN (${keys.map(() => '?').join()})`,
    keys,
  );
  return Number(row?.n);
}

/** What others find stored while this goes on. */
async function foundDuring(query: string, work: () => Promise<unknown>): Promise<Set<string>> {
  const found = new Set<string>();
  let isDone = false;
  const working = work().finally(() => (isDone = true));
  while (!isDone) {
    found.add(JSON.stringify(await t.sql(query)));
    await new Promise(resolve => setImmediate(resolve));
  }
  await working;
  return found;
}

it('lets others in between while it takes many events that decide much', async () => {
  const events = Array.from({ length: 10 }, (_, n) => event('stop', decisions(20), n));
  const [{ status, body }, tag] = await Promise.all([
    take(events),
    t.http('POST', '/api/tags', { body: { name: 'meanwhile' } }),
  ]);
  expect([status, body.stored, tag.status]).toEqual([200, 10, 201]);
  expect(await unitsOf(events)).toBeGreaterThan(4);
  expect((await take(events)).body).toMatchObject({ stored: 0, repeated: 10, refused: 0 });
});

it('lets others in between while it takes, and counts, texts of nothing but different words', async () => {
  const events = Array.from({ length: 10 }, (_, n) => event('turn', words(8_000).slice(0, 64_000), n));
  expect((await take(events)).body.stored).toBe(10);
  expect(await unitsOf(events)).toBeGreaterThan(4);
  const counted = await foundDuring("SELECT documents FROM recall_terms WHERE term = ' last'", () =>
    t.app.get(TermStatistics).refresh(),
  );
  expect(counted.size).toBeGreaterThan(4);
  const found = await t.sql<{ terms: string }>('SELECT terms FROM recall_index');
  for (const { terms } of found) expect(new Set(terms.split(' ')).size).toBeLessThanOrEqual(2_010);
});
