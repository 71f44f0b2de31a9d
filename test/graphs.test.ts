import { startApp, type TestApp } from './app.js';
import { chained } from './harness/chained.js';

/** Rows that refer to rows of their own kind, at the size that one finds nowhere and an attacker makes. */
describe('graphs', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  test('10,000 machines, each on the one before it: all are found, and the circle is not closed', async () => {
    const top = await t.make('infrastructure', { hostname: 'top' });
    const ids = await chained(t, 'infrastructure', 'parent_host_id', top.id, 10_000);
    const below = await t.http('GET', `/api/infrastructure/${top.id}/dependents`, {
      query: { limit: 1, count: 'exact' },
    });
    expect([below.status, below.body.total]).toEqual([200, 10_000]);
    const move = (id: string, parent_host_id?: string) =>
      t.http('PATCH', `/api/infrastructure/${id}`, { body: { parent_host_id } });
    expect((await move(top.id, ids.at(-1))).status).toBe(409);
    expect((await move(ids[0] ?? '', ids[1])).status).toBe(409);
    expect((await move(ids[9_000] ?? '', ids[10])).status).toBe(200);
  });
});
