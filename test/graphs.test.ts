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

  describe.each([
    ['10,000 tasks below each other', undefined],
    ['10,000 tasks below one', (top: string) => () => top],
  ])('%s', (_name, parentOf) => {
    test('are a tree that is read page by page, closes no circle, and is deleted as one', async () => {
      const top = (await t.make('tasks')).id;
      const ids = await chained(t, 'tasks', 'parent_task_id', top, 10_000, parentOf?.(top));
      const page = await t.http('GET', `/api/tasks/${top}/tree`, { query: { limit: 500, fields: 'id' } });
      expect([page.status, page.body.items.length]).toEqual([200, 500]);
      const last = ids.at(-1) ?? '';
      const move = await t.http('PATCH', `/api/tasks/${top}`, { body: { parent_task_id: last } });
      expect(move.status).toBe(409);
      expect((await t.http('DELETE', `/api/tasks/${top}`)).status).toBe(204);
      const left = 'SELECT COUNT(*) AS total FROM tasks';
      expect(Number((await t.sql<{ total: number }>(left))[0]?.total)).toBe(0);
      const entries = "SELECT COUNT(*) AS total FROM journal WHERE action = 'task.delete'";
      expect(Number((await t.sql<{ total: number }>(entries))[0]?.total) % 10_001).toBe(0);
    });
  });
});
