import { randomUUID } from 'node:crypto';
import { clientColumn } from '../../src/core/resource/resource.js';
import { startApp, type Body, type TestApp } from '../app.js';
import {
  type ApiDocument,
  documentOf,
  FIRST_OF_KIND,
  RESOURCES,
  uniformRoutes,
} from '../harness/all-resources.js';

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

describe.each(RESOURCES)('POST /api/%s', (path, spec) => {
  const once = FIRST_OF_KIND.has(path) ? it : () => undefined;
  const url = `/api/${path}`;
  const has = (route: string) => uniformRoutes(document, spec).has(route as never);
  const count = async () =>
    Number((await t.sql<{ n: number }>(`SELECT COUNT(*) AS n FROM ${spec.table}`))[0]?.n);
  /** Without what is told once; that there is nothing to tell may be said again. */
  const repeated = (row: Body) =>
    Object.fromEntries(
      Object.entries(row).filter(
        ([name, value]) =>
          JSON.stringify(value) === '[]' || !spec.virtual.some(one => one.name === name && one.afterWriting),
      ),
    );
  const post = (body: Body, key: string, token?: string) =>
    t.http('POST', url, { body, token, headers: { 'idempotency-key': key } });

  describe('with an Idempotency-Key', () => {
    it('gives the first answer again, and refuses the key for another body', async () => {
      const [key, body] = [randomUUID(), await t.body(path)];
      const before = await count();
      const first = await post(body, key);
      expect(first.status).toBe(201);
      const again = await post(body, key);
      expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: repeated(first.body) });
      expect(again.headers).toMatchObject({
        location: first.headers.location,
        etag: first.headers.etag,
        'idempotency-replayed': 'true',
      });
      const other = await post({ ...body, ...(await t.body(path)) }, key);
      if (JSON.stringify(await t.body(path)) !== JSON.stringify(body)) expect(other.status).toBe(409);
      expect(await count()).toBe(before + 1);
    });

    once('runs once when it is sent twice at once', async () => {
      const [key, body] = [randomUUID(), await t.body(path)];
      const before = await count();
      const answers = await Promise.all([post(body, key), post(body, key), post(body, key)]);
      expect(answers.map(one => one.status)).toEqual([201, 201, 201]);
      expect(new Set(answers.map(one => one.body.id)).size).toBe(1);
      expect(await count()).toBe(before + 1);
    });

    once('keeps no refusal: the corrected body may use the key', async () => {
      const [key, body] = [randomUUID(), await t.body(path)];
      expect((await post({ ...body, no_such_field: 1 }, key)).status).toBe(422);
      expect((await post(body, key)).status).toBe(201);
    });

    once('belongs to its actor', async () => {
      const [key, body, other] = [randomUUID(), await t.body(path), await t.user()];
      const first = await post(body, key);
      const theirs = await post(body, key, other.token);
      expect(theirs.headers['idempotency-replayed']).toBeUndefined();
      // What is known by its content is the same row, whoever brings it.
      if (!spec.byName.has('content_key')) expect(theirs.body.id).not.toBe(first.body.id);
    });

    once('tells nothing of a row that is gone', async () => {
      if (!has('remove') || spec.keeps) return;
      const [key, body] = [randomUUID(), await t.body(path)];
      const { body: row } = await post(body, key);
      expect((await t.http('DELETE', `${url}/${row.id}`)).status).toBe(204);
      expect((await post(body, key)).status).toBe(404);
    });

    once('tells nothing to somebody who may not see the client any more', async () => {
      if (clientColumn(spec) !== 'client_id') return;
      const client_id = (await t.make('clients')).id;
      const [key, body] = [randomUUID(), await t.body(path, { client_id })];
      const user = await t.user({ client_access: 'only', client_ids: [client_id] });
      const first = await post(body, key, user.token);
      expect({ status: first.status, text: first.text }).toEqual({ status: 201, text: first.text });
      const narrowed = await t.http('PATCH', `/api/users/${user.id}`, { body: { client_ids: [] } });
      expect(narrowed.status).toBe(200);
      expect((await post(body, key, user.token)).status).toBe(401);
      expect((await post(body, key, await t.login(user.email))).status).toBe(404);
    });
  });

  describe('/bulk', () => {
    it('creates what is valid and tells of each item', async () => {
      if (!has('bulk')) return;
      const items = [await t.body(path), { ...(await t.body(path)), no_such_field: 1 }, await t.body(path)];
      const before = await count();
      const { status, body } = await t.http('POST', `${url}/bulk`, { body: { items } });
      expect(status).toBe(200);
      expect(body.results.map(one => [one.index, one.status])).toEqual([
        [0, 201],
        [1, 422],
        [2, 201],
      ]);
      expect(body.results[1]?.error).toMatchObject({ code: 'validation' });
      expect(body.results[1]?.id).toBeUndefined();
      for (const { id } of body.results.filter(one => one.id))
        expect((await t.http('GET', `${url}/${id}`)).status).toBe(200);
      expect(await count()).toBe(before + 2);
    });

    it('creates all or nothing when atomic, and names the item', async () => {
      if (!has('bulk')) return;
      const items = [await t.body(path), { ...(await t.body(path)), no_such_field: 1 }];
      const before = await count();
      const journal = await t.sql('SELECT COUNT(*) AS n FROM journal');
      const refused = await t.http('POST', `${url}/bulk`, { body: { atomic: true, items } });
      expect(refused.status).toBe(422);
      expect(refused.body.details.errors.map(one => one.field)).toEqual(['items.1.no_such_field']);
      expect(await count()).toBe(before);
      expect(await t.sql('SELECT COUNT(*) AS n FROM journal')).toEqual(journal);
      const done = await t.http('POST', `${url}/bulk`, { body: { atomic: true, items: items.slice(0, 1) } });
      expect(done.body.results).toEqual([{ index: 0, status: 201, id: expect.any(String) as string }]);
      expect(await count()).toBe(before + 1);
    });

    once('refuses no items, too many, and what is not a list of objects', async () => {
      if (!has('bulk')) return;
      for (const items of [
        [],
        Array.from({ length: 1001 }, () => ({})),
        {},
        ['x'],
        [null],
        [[]],
        undefined,
        null,
      ])
        expect((await t.http('POST', `${url}/bulk`, { body: { items } })).status).toBe(422);
    });

    once('runs once under an Idempotency-Key', async () => {
      if (!has('bulk')) return;
      const [body, before] = [{ items: [await t.body(path)] }, await count()];
      const headers = { 'idempotency-key': randomUUID() };
      const [one, two] = [
        await t.http('POST', `${url}/bulk`, { body, headers }),
        await t.http('POST', `${url}/bulk`, { body, headers }),
      ];
      expect(two.body).toEqual(one.body);
      expect(await count()).toBe(before + 1);
    });
  });
});
