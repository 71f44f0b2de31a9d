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

/** What others find stored, each time that they have written something themselves, while this goes on. */
async function foundDuring(query: string, work: () => Promise<unknown>): Promise<Set<string>> {
  const found = new Set<string>();
  let isDone = false;
  const working = work().finally(() => (isDone = true));
  while (!isDone) {
    const { status } = await t.http('POST', '/api/tags', { body: { name: `tag ${++count}` } });
    expect(status).toBe(201);
    found.add(JSON.stringify(await t.sql(query)));
  }
  await working;
  return found;
}
const TAKEN = 'SELECT COUNT(*) AS taken FROM memory_events';
const COUNTED = "SELECT documents FROM recall_terms WHERE term = ' last'";

it('lets others write while it takes many events that decide much', async () => {
  const events = Array.from({ length: 10 }, (_, n) => event('stop', decisions(20), n));
  const found = await foundDuring(TAKEN, async () => {
    const { status, body } = await take(events);
    expect([status, body.stored]).toEqual([200, 10]);
  });
  expect(found.size).toBeGreaterThan(3);
  expect((await take(events)).body).toMatchObject({ stored: 0, repeated: 10, refused: 0 });
});

it('lets others write while it takes, and counts, texts of nothing but different words', async () => {
  const events = Array.from({ length: 10 }, (_, n) => event('turn', words(8_000).slice(0, 64_000), n));
  expect((await foundDuring(TAKEN, () => take(events))).size).toBeGreaterThan(3);
  const counted = await foundDuring(COUNTED, () => t.app.get(TermStatistics).refresh());
  expect(counted.size).toBeGreaterThan(3);
  const found = await t.sql<{ terms: string }>('SELECT terms FROM recall_index');
  for (const { terms } of found) expect(new Set(terms.split(' ')).size).toBeLessThanOrEqual(2_010);
});
