import { compared, GOALS } from '../bench/recall/compared.mjs';
import { generated, SIZES } from '../bench/recall/set/generate.mjs';
import { openSqlite } from '../src/formats/sqlite-driver.js';
import { TermStatistics } from '../src/memory/recall/term-statistics.service.js';
import { TokenCounter } from '../src/memory/text/token-counter.js';
import { startApp, type TestApp } from './app.js';
import { testDatabase } from './harness/database.js';

/**
 * How all questions of the small set are ranked, in short: both databases must come to it. It changes with the set and with
 * the rank; `npm run bench:recall` tells whether for the better.
 */
const ORDER = 'ab7494b3c925b605';

let t: TestApp;
beforeAll(async () => (t = await startApp()));
afterAll(() => t.close());

it('is generated the same each time', () => {
  expect(JSON.stringify(generated(SIZES.small))).toBe(JSON.stringify(generated(SIZES.small)));
  expect(JSON.stringify(generated(SIZES.small, 8))).not.toBe(JSON.stringify(generated(SIZES.small)));
});

it('finds more than full text alone, is silent where nothing is stored, and ranks the same on both databases', async () => {
  const application = {
    http: Object.assign(t.http, { logIn: (email: string) => t.login(email) }),
    tokensOf: (texts: string[]) => t.app.get(TokenCounter).tokensOf(texts),
    countTerms: () => t.app.get(TermStatistics).refresh(),
  };
  const figures = await compared(
    generated(SIZES.small),
    { [testDatabase()]: application } as never,
    { driver: { openSqlite } },
    () => undefined,
    undefined,
    [700],
  );
  expect(figures.lead).toBeGreaterThanOrEqual(GOALS.above);
  expect(figures.leaks).toBe(0);
  expect(figures.silence['silent on unrelated']).toBeGreaterThanOrEqual(GOALS.silent);
  expect(Object.keys(figures.categories as object)).toEqual([
    'name',
    'negation',
    'several',
    'single',
    'superseded',
    'time',
    'unanswerable',
  ]);
  expect(figures.order).toBe(ORDER);
}, 120_000);
