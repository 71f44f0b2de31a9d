import { v7 as uuidv7 } from 'uuid';
import { Units } from '../../src/core/database/units.js';
import { Rows } from '../../src/core/table/rows.js';
import { Tag } from '../../src/directory/tags/tag.entity.js';
import { startApp, type TestApp } from '../app.js';

const ROWS = 10_050;
let t: TestApp;
beforeAll(async () => {
  t = await startApp();
  const time = new Date().toISOString();
  const tags = Array.from({ length: ROWS }, (_, n) => {
    const row = { id: uuidv7(), version: 1, created_at: time, updated_at: time };
    return { ...row, name: `tag ${n}`, category: n < 20 ? 'action' : 'other' };
  });
  await t.app.get(Units).run(async () => {
    for (let from = 0; from < ROWS; from += 1000)
      await t.app.get(Rows).insert(Tag, ...tags.slice(from, from + 1000));
  });
});
afterAll(() => t.close());

const page = async (query: Record<string, string | number>) =>
  (await t.http('GET', '/api/tags', { query: { limit: 1, ...query } })).body;

it('are exact to 10,000, and capped beyond', async () => {
  expect(await page({})).toMatchObject({ total: 10_000, total_capped: true });
  expect(await page({ category: 'action' })).toMatchObject({ total: 20 });
  expect(await page({ category: 'action' })).not.toHaveProperty('total_capped');
});

it('count nothing when asked, on any page', async () => {
  const first = await page({ count: 'none' });
  expect(first).toMatchObject({ total: null, items: [{}], next: expect.any(String) as string });
  expect(await page({ count: 'none', skip: 20 })).toMatchObject({ total: null });
  expect((await t.http('GET', '/api/tags', { query: { count: 'some' } })).status).toBe(422);
});

it('count everything when asked, on cursor pages too', async () => {
  const first = await page({ count: 'exact' });
  expect(first).toMatchObject({ total: ROWS });
  expect(first).not.toHaveProperty('total_capped');
  const cursor = first.next ?? '';
  expect(await page({ cursor })).toMatchObject({ total: null });
  expect(await page({ cursor, count: 'exact' })).toMatchObject({ total: ROWS });
});

it('stand beside a next page to the very end', async () => {
  expect(await page({ skip: ROWS - 2 })).toMatchObject({ next: expect.any(String) as string });
  expect(await page({ skip: ROWS - 1 })).toMatchObject({ next: null });
  expect((await page({ skip: ROWS })).items).toEqual([]);
});
