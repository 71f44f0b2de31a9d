import { randomUUID } from 'node:crypto';
import type { FieldSpec } from '../src/core/table/field-spec.js';
import { isFilterable } from '../src/core/resource/lists/filters.js';
import { clientColumn, resourceOf, type ResourceSpec } from '../src/core/resource/resource.js';
import { startApp, type Shown, type TestApp } from './app.js';
import { type ApiDocument, documentOf, RESOURCES, uniformRoutes } from './harness/all-resources.js';
import { anEdit, isWritable } from './harness/edits.js';

const OWNED = RESOURCES.filter(([, spec]) => clientColumn(spec) !== undefined);

let t: TestApp;
let document: ApiDocument;
/** Two clients: the users may see rows of the first, and none of the second. */
let mine: string;
let foreign: string;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
  mine = (await t.make('clients', { name: 'Mine' })).id;
  foreign = (await t.make('clients', { name: 'Foreign' })).id;
  tokens.only = (await t.user({ client_access: 'only', client_ids: [mine] })).token;
  tokens.except = (await t.user({ client_access: 'except', client_ids: [foreign] })).token;
});
afterAll(() => t.close());

const referencesOf = (spec: ResourceSpec): FieldSpec[] =>
  spec.fields.filter(one => one.reference && clientColumn(resourceOf(one.reference.target())) !== undefined);

describe.each(OWNED)('/api/%s', (path, spec) => {
  const url = `/api/${path}`;
  const any: Record<string, string> = spec.archivable ? { archived: 'any' } : {};
  let own: Shown;
  let hidden: Shown;
  beforeAll(async () => {
    own =
      path === 'clients'
        ? ((await t.http('GET', `${url}/${mine}`)).body as Shown)
        : await t.make(path, { client_id: mine });
    hidden =
      path === 'clients'
        ? ((await t.http('GET', `${url}/${foreign}`)).body as Shown)
        : await t.make(path, { client_id: foreign });
  });
  const has = (route: string) => uniformRoutes(document, spec).has(route as never);

  it('knows whose a row is', () => {
    expect([own, hidden].map(row => row[clientColumn(spec) ?? ''])).toEqual([mine, foreign]);
  });

  describe.each(['only', 'except'])('for a user with client_access %s', access => {
    const as = (method: string, at: string, body?: unknown, query = {}) =>
      t.http(method, at, { token: tokens[access], body, query });

    it('lists, counts, filters and pages without foreign rows', async () => {
      const all = await as('GET', url, undefined, { ...any, limit: 1000, count: 'exact' });
      expect(all.status).toBe(200);
      const ids = all.body.items.map(one => one.id);
      expect(ids).toContain(own.id);
      expect(ids).not.toContain(hidden.id);
      for (const row of all.body.items) expect(row[clientColumn(spec) ?? '']).not.toBe(foreign);
      expect(all.body.total).toBe(ids.length);
      for (const query of [
        { id: hidden.id },
        { id__in: `${hidden.id},${randomUUID()}` },
        { id__gte: hidden.id, id__lte: hidden.id },
      ]) {
        const { body, status } = await as('GET', url, undefined, { ...any, ...query });
        if (status === 422) continue;
        expect({ query, total: body.total, items: body.items }).toEqual({ query, total: 0, items: [] });
      }
      if (spec.byName.has('client_id') && isFilterable(spec.byName.get('client_id') as FieldSpec))
        expect((await as('GET', url, undefined, { ...any, client_id: foreign })).body).toMatchObject({
          total: 0,
          items: [],
        });
      const paged = await as('GET', url, undefined, { ...any, sort: 'id', limit: 1000 });
      expect(paged.body.items.map(one => one.id).sort()).toEqual([...ids].sort());
    });

    it('searches and exports without foreign rows', async () => {
      for (const accept of ['text/csv', 'application/x-ndjson']) {
        const { text } = await t.http('GET', url, { token: tokens[access], query: any, headers: { accept } });
        expect(text).toContain(own.id);
        expect(text).not.toContain(hidden.id);
      }
      const searched = spec.fields.find(one => one.search && typeof hidden[one.name] === 'string');
      if (!searched) return;
      const { body } = await as('GET', url, undefined, {
        ...any,
        q: String(hidden[searched.name]).slice(0, 100),
      });
      expect(body.items.map(one => one.id)).not.toContain(hidden.id);
    });

    it('hides them from the routes by parent', async () => {
      for (const parent of ['client', 'project', 'session']) {
        if (!document.paths[`${url}/by-${parent}/{id}`]) continue;
        const id = parent === 'client' ? foreign : hidden[`${parent}_id`];
        if (typeof id !== 'string') continue;
        const { status, body } = await as('GET', `${url}/by-${parent}/${id}`, undefined, any);
        expect({ parent, found: status === 404 || body.items.length === 0 }).toEqual({ parent, found: true });
      }
    });

    it('neither updates nor deletes them', async () => {
      if (has('update')) {
        const { field, values } = anEdit(spec);
        for (const method of ['PATCH', 'PUT'])
          expect((await as(method, `${url}/${hidden.id}`, { [field]: values[0] })).status).toBe(404);
      }
      if (has('remove')) expect((await as('DELETE', `${url}/${hidden.id}`)).status).toBe(404);
      const kept = await t.http('GET', `${url}/${hidden.id}`);
      expect({ status: kept.status, version: kept.body.version }).toEqual({
        status: 200,
        version: hidden.version,
      });
    });

    it('reads and changes its own', async () => {
      expect((await as('GET', `${url}/${own.id}`)).status).toBe(200);
      if (!has('update')) return;
      const { field, values } = anEdit(spec);
      const { status, text } = await as('PATCH', `${url}/${own.id}`, { [field]: values[0] });
      expect({ status, text }).toEqual({ status: 200, text });
    });

    it('refuses references to foreign rows, on create, in bulk and on update', async () => {
      for (const field of referencesOf(spec).filter(isWritable)) {
        const parent = resourceOf(field.reference?.target() as never);
        const id =
          field.name === 'client_id'
            ? foreign
            : parent.path === 'clients'
              ? foreign
              : (await t.make(parent.path, { client_id: foreign })).id;
        const body = { ...(await t.body(path, { client_id: mine })), [field.name]: id };
        const created = await as('POST', url, body);
        expect({ field: field.name, status: created.status }).toEqual({ field: field.name, status: 422 });
        expect(created.body.details.errors.map(one => one.field)).toContain(field.name);
        if (has('bulk'))
          expect((await as('POST', `${url}/bulk`, { items: [body] })).body.results[0]?.status).toBe(422);
        if (!has('update')) continue;
        const updated = await as('PATCH', `${url}/${own.id}`, { [field.name]: id });
        expect({ field: field.name, status: updated.status }).toEqual({ field: field.name, status: 422 });
      }
    });
  });
});

describe('what belongs to no client', () => {
  const kindOf = (client: string) => RESOURCES.filter(([, spec]) => spec.client === client);
  const as = (access: string, method: string, at: string, body?: unknown) =>
    t.http(method, at, { token: tokens[access], body });

  it.each(kindOf('none').filter(([, spec]) => !spec.owner))(
    '/api/%s is of the house: hidden from who sees some clients alone',
    async path => {
      const url = `/api/${path}`;
      const row = await t.make(path);
      const listed = await as('only', 'GET', `${url}?count=exact`);
      expect([listed.status, listed.body.items, listed.body.total]).toEqual([200, [], 0]);
      expect((await as('except', 'GET', url)).body.items.map(one => one.id)).toContain(row.id);
      expect((await as('only', 'POST', url, await t.body(path))).status).toBe(403);
      const bulk = await as('only', 'POST', `${url}/bulk`, { items: [await t.body(path)] });
      expect(bulk.body.results[0]?.status ?? bulk.status).toBe(403);
      for (const accept of ['text/csv', 'application/x-ndjson']) {
        const { text } = await t.http('GET', url, { token: tokens.only, headers: { accept } });
        expect(text).not.toContain(row.id);
      }
      const kept = await t.http('GET', `${url}/${row.id}`);
      expect([kept.status, kept.body.version]).toEqual([200, row.version]);
    },
  );

  it.each(kindOf('none').filter(([, spec]) => spec.owner))('/api/%s are told to their owner', async path => {
    const row = await t.make(path);
    const less = path === 'access-tokens' ? { scopes: ['msp:read'] } : {};
    const own = await as('only', 'POST', `/api/${path}`, await t.body(path, less));
    expect([own.status, own.text]).toEqual([201, own.text]);
    expect((await as('only', 'GET', `/api/${path}/${row.id}`)).status).toBe(404);
    expect((await as('only', 'GET', `/api/${path}`)).body.items.map(one => one.id)).toEqual([own.body.id]);
  });

  it.each(kindOf('shared'))('/api/%s are shared, and tell of no client that is hidden', async path => {
    await t.make('sessions', { client_id: foreign, tags: ['of the foreign one'] });
    await t.make('credential-permissions', { client_id: foreign });
    await t.user({ client_access: 'only', client_ids: [foreign] });
    for (const access of ['only', 'except']) {
      const { status, text } = await as(access, 'GET', `/api/${path}?limit=1000`);
      expect([status, text.includes(foreign), text.includes('foreign one')]).toEqual([200, false, false]);
    }
  });

  it('a machine is registered by who may see it afterwards, and a refusal does not tell whether there is one', async () => {
    const known = await t.make('machines');
    const byHand = await t.make('machines', { machine_fingerprint: null });
    const put = (print: unknown, { hostname }: Shown) =>
      as('only', 'PUT', `/api/machines/by-fingerprint/${String(print)}`, { hostname });
    const unknown = await put('new', { ...known, hostname: 'unknown' });
    expect([unknown.status, unknown.body.details.resource_id]).toEqual([403, undefined]);
    for (const told of [await put(known.machine_fingerprint, known), await put('new', byHand)]) {
      const { code, error, details } = unknown.body;
      expect(told.status).toBe(403);
      expect(told.body).toMatchObject({ code, error });
      expect(told.body.details).toEqual(details);
      expect(told.text).not.toContain(known.id);
      expect(told.text).not.toContain(byHand.id);
    }
    for (const { id, version } of [known, byHand])
      expect((await t.http('GET', `/api/machines/${id}`)).body.version).toBe(version);
  });
});

describe('client_access', () => {
  it('of a user is checked when it is given', async () => {
    const body = { ...(await t.body('users')), client_access: 'only', client_ids: [randomUUID()] };
    const { status, body: answer } = await t.http('POST', '/api/users', { body });
    expect({ status, field: answer.details.errors[0]?.field }).toEqual({
      status: 422,
      field: 'client_ids.0',
    });
  });

  it('narrowed by an administrator ends every login at once', async () => {
    const user = await t.user();
    expect((await t.http('GET', '/api/clients', { token: user.token })).status).toBe(200);
    await t.http('PATCH', `/api/users/${user.id}`, { body: { client_access: 'only', client_ids: [mine] } });
    expect((await t.http('GET', '/api/clients', { token: user.token })).status).toBe(401);
    const token = await t.login(user.email);
    expect((await t.http('GET', '/api/clients', { token })).body.items.map(one => one.id)).toEqual([mine]);
  });

  it('keeps rows of a hidden client from going with a row without one', async () => {
    const parent = await t.make('tasks', { client_id: null });
    const middle = await t.make('tasks', { client_id: null, parent_task_id: parent.id });
    const child = await t.make('tasks', { client_id: foreign, parent_task_id: middle.id });
    const session = await t.make('sessions', { client_id: null });
    const link = await t.make('ticket-links', { session_id: session.id, client_id: foreign });
    const { token } = await t.user({ client_access: 'except', client_ids: [foreign] });
    const kept = [`tasks/${child.id}`, `ticket-links/${link.id}`];
    for (const path of [`tasks/${parent.id}`, `sessions/${session.id}`]) {
      const refused = await t.http('DELETE', `/api/${path}`, { token });
      expect([refused.status, refused.body.details.resource_id]).toEqual([409, undefined]);
      expect(refused.text).not.toContain(foreign);
      for (const row of kept) expect((await t.http('GET', `/api/${row}`)).status).toBe(200);
    }
    for (const path of [`tasks/${parent.id}`, `sessions/${session.id}`])
      expect((await t.http('DELETE', `/api/${path}`)).status).toBe(204);
    for (const row of kept) expect((await t.http('GET', `/api/${row}`)).status).toBe(404);
  });
});
