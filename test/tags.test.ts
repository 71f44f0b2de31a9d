import { setTimeout } from 'node:timers/promises';
import { allResources } from '../src/core/resource/resource.js';
import { TAGGED } from '../src/directory/tags/tag.entity.js';
import { type Body, type Shown, startApp, type TestApp } from './app.js';

describe('tags', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const entries = (id: string) =>
    t.sql<{ action: string; changes: string | null; details: string | null }>(
      'SELECT action, changes, details FROM journal WHERE resource_id = ? ORDER BY n',
      [id],
    );
  const named = async (query: string, path = 'projects') =>
    ((await t.http('GET', `/api/${path}?${query}`)).body.items as Body[]).map(one => one.name).sort();
  const tagOf = async (name: string) =>
    (await t.http('GET', `/api/tags?name=${name}`)).body.items[0] as Shown;

  it('come with a row, in lower case and once each, and new names become tags', async () => {
    const row = await t.make('projects', { tags: [' Docker', 'docker', 'DNS'] });
    expect(row.tags).toEqual(['dns', 'docker']);
    const again = await t.http('GET', `/api/projects/${row.id}`);
    expect(again.body.tags).toEqual(['dns', 'docker']);
    const tag = await tagOf('docker');
    expect(tag).toMatchObject({ category: 'other', usage_count: 1 });
    expect((await entries(tag.id)).map(one => one.action)).toEqual(['tag.create']);
  });

  it('change with a row: the entry tells the names before and after', async () => {
    const row = await t.make('projects', { tags: ['before', 'stays'] });
    const path = `/api/projects/${row.id}`;
    const changed = await t.http('PATCH', path, { body: { tags: ['stays', 'after'], notes: 'new' } });
    expect(changed.body).toMatchObject({ tags: ['after', 'stays'], version: 2 });
    const untouched = await t.http('PATCH', path, { body: { notes: 'newer' } });
    expect(untouched.body.tags).toEqual(['after', 'stays']);
    const cleared = await t.http('PUT', path, { body: { tags: null } });
    expect(cleared.body.tags).toEqual([]);
    const told = (await entries(row.id)).map(one => ({
      changes: JSON.parse(one.changes ?? '{}') as Body,
      fields: (JSON.parse(one.details ?? '{}') as Body).changed_fields as string[],
    }));
    expect(told[0]?.changes.tags).toEqual([[], ['before', 'stays']]);
    expect(told[1]?.changes.tags).toEqual([
      ['before', 'stays'],
      ['after', 'stays'],
    ]);
    expect(told[1]?.fields.sort()).toEqual(['notes', 'tags']);
    expect(told[2]?.fields).toEqual(['notes']);
    expect(told[3]?.changes.tags).toEqual([['after', 'stays'], []]);
  });

  it('make at most 500 names in one request', async () => {
    const item = (n: number) => ({
      client_id,
      name: `Many ${n}`,
      tags: Array.from({ length: 50 }, (_, m) => `many-${Math.floor(n / 2)}-${m}`),
    });
    const client_id = await t.client();
    const items = Array.from({ length: 22 }, (_, n) => item(n));
    const { body } = await t.http('POST', '/api/projects/bulk', { body: { items } });
    const statuses = body.results.map(one => one.status);
    expect(statuses).toEqual(items.map((_, n) => (n < 20 ? 201 : 422)));
    expect(body.results[20]?.error).toMatchObject({
      details: { errors: [{ field: 'tags', rule: 'max' }] },
    });
    const whole = items.map((one, n) => ({ ...item(n + 100), name: `All ${one.name}` }));
    const atomic = await t.http('POST', '/api/projects/bulk', { body: { atomic: true, items: whole } });
    expect(atomic.status).toBe(422);
    expect(atomic.body.details).toMatchObject({ errors: [{ field: 'items.20.tags', rule: 'max' }] });
    expect((await t.http('GET', '/api/tags?name__startswith=many-&count=exact')).body.total).toBe(500);
    await t.make('projects', { tags: ['many-10-0'] });
  });

  it('refuses names that are none', async () => {
    for (const tags of [
      ['a,b'],
      ['  '],
      ['x'.repeat(101)],
      [1],
      'a',
      Array.from({ length: 51 }, (_, n) => `n${n}`),
    ]) {
      const answer = await t.http('POST', '/api/projects', { body: await t.body('projects', { tags }) });
      expect([answer.status, (answer.body.details as Body).field]).toEqual([422, 'tags']);
    }
    const comma = await t.http('POST', '/api/tags', { body: { name: 'a,b' } });
    expect(comma.status).toBe(422);
    const color = await t.http('POST', '/api/tags', { body: { name: 'red', color: 'red' } });
    expect(color.status).toBe(422);
  });

  it('filter with OR and with AND', async () => {
    await t.make('projects', { name: 'one', tags: ['filter-a'] });
    await t.make('projects', { name: 'two', tags: ['filter-a', 'filter-b'] });
    await t.make('projects', { name: 'three', tags: ['filter-b'] });
    expect(await named('tags=filter-a,filter-b')).toEqual(['one', 'three', 'two']);
    expect(await named('tags=FILTER-A')).toEqual(['one', 'two']);
    expect(await named('tags_all=filter-a,filter-b,filter-a')).toEqual(['two']);
    expect(await named('tags=filter-a&tags_all=filter-b')).toEqual(['two']);
    expect(await named('tags_all=filter-a,never')).toEqual([]);
    const other = await t.http('GET', '/api/sites?tags=filter-a');
    expect(other.status).toBe(422);
  });

  it('are put on a row and taken from it by route', async () => {
    const row = await t.make('infrastructure', { tags: ['present'] });
    const tag = await t.make('tags', { name: 'assigned' });
    const path = `/api/tags/${tag.id}/assignments/infrastructure/${row.id}`;
    for (let twice = 0; twice < 2; twice++) expect((await t.http('PUT', path)).status).toBe(204);
    const tagged = (await t.http('GET', `/api/infrastructure/${row.id}`)).body;
    expect(tagged).toMatchObject({ tags: ['assigned', 'present'], version: 2 });
    expect(await tagOf('assigned')).toMatchObject({ usage_count: 1 });
    for (let twice = 0; twice < 2; twice++) expect((await t.http('DELETE', path)).status).toBe(204);
    expect((await t.http('GET', `/api/infrastructure/${row.id}`)).body.tags).toEqual(['present']);
    const told = (await entries(row.id)).map(one => (JSON.parse(one.changes ?? '{}') as Body).tags);
    expect(told).toEqual([
      [[], ['present']],
      [['present'], ['assigned', 'present']],
      [['assigned', 'present'], ['present']],
    ]);
  });

  it('are for every taggable resource, named by its path or its table', async () => {
    const tag = await t.make('tags');
    const taggable = allResources().filter(one => one.taggable);
    expect(taggable.map(one => one.path)).toEqual(expect.arrayContaining(['infrastructure', 'projects']));
    for (const { path, table } of taggable) {
      const row = await t.make(path, { tags: ['everywhere'] });
      for (const resource of new Set([path, table])) {
        const assignment = `/api/tags/${tag.id}/assignments/${resource}/${row.id}`;
        expect([resource, (await t.http('PUT', assignment)).status]).toEqual([resource, 204]);
        expect((await t.http('GET', `/api/${path}/${row.id}`)).body.tags).toEqual(['everywhere', tag.name]);
        expect((await t.http('DELETE', assignment)).status).toBe(204);
      }
      const found = await t.http('GET', `/api/${path}?tags=everywhere`);
      expect(found.body.items).toMatchObject([{ id: row.id, tags: ['everywhere'] }]);
    }
    expect(await tagOf('everywhere')).toMatchObject({ usage_count: taggable.length });
  });

  it('need a tag, a taggable resource and a row that the caller may see, and the scope to write', async () => {
    const [tag, site] = [await t.make('tags'), await t.make('sites')];
    const [row, elsewhere] = [await t.make('projects'), (await t.make('clients')).id];
    const stranger = await t.user({ client_access: 'only', client_ids: [elsewhere] });
    const reader = await t.user({ scopes: ['msp:read'] });
    const put = async (path: string, token?: string) =>
      (await t.http('PUT', `/api/tags/${path}`, { token })).status;
    expect(await put(`${row.id}/assignments/projects/${row.id}`)).toBe(404);
    const none = await t.http('PUT', `/api/tags/${tag.id}/assignments/clients/${row.id}`);
    expect([none.status, none.body.details.errors[0]?.field]).toEqual([422, 'resource']);
    expect(none.body.error).toMatch(/must be one whose rows have tags: .*projects/);
    expect(await put(`${tag.id}/assignments/projects/${tag.id}`)).toBe(404);
    expect(await put(`${tag.id}/assignments/sites/${site.id}`)).toBe(422);
    expect(await put(`${tag.id}/assignments/nothing/${row.id}`)).toBe(422);
    expect(await put(`${tag.id}/assignments/projects/4711`)).toBe(422);
    expect(await put(`${tag.id}/assignments/projects/${row.id}`, stranger.token)).toBe(404);
    expect(await put(`${tag.id}/assignments/projects/${row.id}`, reader.token)).toBe(403);
    expect((await t.http('GET', `/api/projects/${row.id}`)).body.tags).toEqual([]);
  });

  it('count over all resources what the caller may see', async () => {
    const elsewhere = (await t.make('clients')).id;
    await t.make('projects', { tags: ['counted'] });
    await t.make('infrastructure', { tags: ['counted'] });
    await t.make('projects', { client_id: elsewhere, tags: ['counted'] });
    const { token } = await t.user({ client_access: 'only', client_ids: [elsewhere] });
    const seen = async (as?: string) =>
      ((await t.http('GET', '/api/tags?name=counted', { token: as })).body.items as Body[])[0]?.usage_count;
    expect(await seen()).toBe(3);
    expect(await seen(token)).toBe(1);
  });

  it('leave their rows when they go, and go with nothing when a row goes', async () => {
    const row = await t.make('projects', { tags: ['leaves', 'remains'] });
    expect((await t.http('DELETE', `/api/tags/${(await tagOf('leaves')).id}`)).status).toBe(204);
    expect((await t.http('GET', `/api/projects/${row.id}`)).body.tags).toEqual(['remains']);
    expect((await t.http('DELETE', `/api/projects/${row.id}`)).status).toBe(204);
    expect(await tagOf('remains')).toMatchObject({ usage_count: 0 });
  });

  it('survive many at once: every name is one tag, and no assignment is lost', async () => {
    const row = await t.make('projects');
    const made = Array.from({ length: 8 }, () => t.make('projects', { tags: ['at-once', 'also-at-once'] }));
    expect((await Promise.all(made)).every(one => (one.tags as string[]).length === 2)).toBe(true);
    expect(await t.sql('SELECT id FROM tags WHERE name = ?', ['at-once'])).toHaveLength(1);
    // One after the other, so that some read while others commit.
    const tags = await Promise.all(Array.from({ length: 12 }, () => t.make('tags')));
    const assign = async (tag: { id: string }, n: number) => {
      await setTimeout(n * 3);
      const answer = await t.http('PUT', `/api/tags/${tag.id}/assignments/projects/${row.id}`);
      expect(answer.status).toBe(204);
    };
    await Promise.all(tags.map(assign));
    const { body } = await t.http('GET', `/api/projects/${row.id}`);
    expect(body.tags).toEqual(tags.map(tag => tag.name).sort());
  });

  it('cost a page the same number of queries, whatever its size', async () => {
    for (let n = 0; n < 12; n++) await t.make('projects', { name: `page-${n}`, tags: [`page-${n}`, 'page'] });
    const { reader, scanner } = t.opened.database.connections;
    const selects = [...new Set([reader, scanner])].map(side => jest.spyOn(side, 'select'));
    const cost = async (path: string) => {
      for (const select of selects) select.mockClear();
      expect((await t.http('GET', path)).status).toBe(200);
      return selects.reduce((sum, select) => sum + select.mock.calls.length, 0);
    };
    expect(await cost('/api/projects?tags=page&limit=100')).toBe(
      await cost('/api/projects?name=page-1&limit=100'),
    );
    // A page of many rows is read in two parts, the second as large as the rows allow: none for each row.
    const all = await cost('/api/tags?limit=1000');
    expect(all - (await cost('/api/tags?name=page&limit=1000'))).toBeLessThanOrEqual(1);
    for (const select of selects) select.mockRestore();
  });

  test('what has tags is named as it is, and a list without them says what it filters by', async () => {
    const tagged = allResources().filter(one => one.taggable);
    expect(tagged.map(one => one.path).sort()).toEqual(TAGGED);
    const { status, body } = await t.http('GET', '/api/clients?tags=VIP');
    expect([status, body.details.errors]).toEqual([
      422,
      [{ field: 'tags', message: expect.stringMatching(/its filters are .*name.*status/), rule: 'unknown' }],
    ]);
  });
});
