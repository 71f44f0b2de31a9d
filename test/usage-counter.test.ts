import { UsageCounter } from '../src/memory/recurring/usage-counter.service.js';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => t.close());

test('while the database is away, what is read is counted later, and not tried again at once', async () => {
  const { id } = await t.make('context-snippets');
  const counter = t.app.get(UsageCounter);
  const { connections } = t.opened.database;
  const tried = jest.spyOn(connections, 'begin').mockRejectedValue(new Error('away'));
  for (let n = 0; n < 5_000; n++) counter.count(`row ${n % 2_500}`);
  for (let n = 0; n < 3; n++) counter.count(id);
  await new Promise(resolve => setTimeout(resolve, 300));
  // With the first thousand rows; after that the end of the pause is waited for.
  expect(tried.mock.calls.length).toBe(1);
  jest.restoreAllMocks();
  await counter.flush();
  const stored = await t.sql('SELECT usage_count FROM memory_usage WHERE id = ?', [id]);
  expect(stored).toEqual([{ usage_count: 3 }]);
  const rows = await t.sql<{ usage_count: number }>(
    "SELECT usage_count FROM memory_usage WHERE id LIKE 'row %'",
  );
  expect(rows.map(one => Number(one.usage_count)).reduce((sum, one) => sum + one, 0)).toBe(5_000);
});
