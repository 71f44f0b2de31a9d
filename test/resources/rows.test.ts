import { isRequired } from '../../src/core/table/field-spec.js';
import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../app.js';
import { type ApiDocument, documentOf, RESOURCES, uniformRoutes } from '../harness/all-resources.js';
import { clientColumn, ROUTES } from '../../src/core/resource/resource.js';
import { EITHER, factories } from '../factories.js';
import { anEdit, isWritable } from '../harness/edits.js';
import { entriesOf } from '../harness/journal.js';
import { NOT_NULL } from './exceptions.js';

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('what is told of resources by hand is told of those that are there', () => {
  const known = new Map(RESOURCES);
  expect(Object.keys(factories).sort()).toEqual([...known.keys()].sort());
  for (const table of [NOT_NULL, EITHER])
    for (const [path, fields] of Object.entries(table))
      expect([path, fields.filter(one => !known.get(path)?.byName.has(one))]).toEqual([path, []]);
});

/** Since when the row says what it says: a moment that is given by every change which names no other. */
const SINCE = 'as_of';

describe.each(RESOURCES)('/api/%s', (path, spec) => {
  const url = (id: string) => `/api/${path}/${id}`;
  const has = (route: string) => uniformRoutes(document, spec).has(route as never);

  it('has the uniform routes that it declares', () => {
    const expected = (spec.routes ?? ROUTES).flatMap(one => (one === 'update' ? ['update', 'put'] : [one]));
    expect([...uniformRoutes(document, spec)].sort()).toEqual(expected.sort());
  });

  it('answers a creation with 201, Location, ETag and the row', async () => {
    const body = await t.body(path);
    const { status, headers, body: row } = await t.http('POST', `/api/${path}`, { body });
    expect(status).toBe(201);
    expect(headers.location).toBe(url(row.id));
    expect(headers.etag).toBe('"1"');
    expect(row).toMatchObject({ version: 1, id: expect.stringMatching(UUID_V7) as string });
    expect([row.created_at, row.updated_at]).toEqual([
      expect.stringMatching(INSTANT),
      expect.stringMatching(INSTANT),
    ]);
    for (const field of spec.fields)
      if (isWritable(field) && !field.writeOnly && body[field.name] !== undefined)
        expect({ [field.name]: row[field.name] }).toEqual({ [field.name]: body[field.name] });
    for (const field of [...spec.fields, ...spec.virtual])
      if (field.writeOnly) expect(row).not.toHaveProperty(field.name);
  });

  it('puts the creation on record, with who, where and what', async () => {
    const { id, ...row } = await t.make(path);
    const [entry] = await entriesOf(t, id);
    expect(entry).toMatchObject({ action: `${spec.name}.create`, outcome: 'ok', actor_id: t.admin.id });
    expect(entry?.request_id).toEqual(expect.any(String));
    if (clientColumn(spec)) expect(entry?.client_id).toBe(path === 'clients' ? id : row.client_id);
  });

  it('reads a row with its ETag, and answers 304 where nothing is derived', async () => {
    const made = await t.make(path);
    const { status, headers, body } = await t.http('GET', url(made.id));
    expect(status).toBe(200);
    expect(headers.etag).toBe(`"${body.version}"`);
    expect(body).toMatchObject({ id: made.id, created_at: made.created_at });
    const again = await t.http('GET', url(made.id), { headers: { 'if-none-match': `"x", ${headers.etag}` } });
    const plain = !spec.taggable && !spec.derived && !spec.secrets;
    expect(again.status).toBe(plain ? 304 : 200);
    expect(again.text === '').toBe(plain);
    expect((await t.http('GET', url(made.id), { headers: { 'if-none-match': '"0"' } })).status).toBe(200);
  });

  it('takes ids in either case, and tells a missing row from a bad id', async () => {
    const { id } = await t.make(path);
    expect((await t.http('GET', url(id.toUpperCase()))).body.id).toBe(id);
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE'].filter(one =>
      has({ GET: 'get', PATCH: 'update', PUT: 'put', DELETE: 'remove' }[one] ?? ''),
    )) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const missing = await t.http(method, url(randomUUID()), { body });
      expect({ method, status: missing.status, code: missing.body.code }).toEqual({
        method,
        status: 404,
        code: 'not_found',
      });
      const bad = await t.http(method, url('not-an-id'), { body });
      expect({ method, status: bad.status }).toEqual({ method, status: 422 });
      expect(bad.body.details.errors[0]?.field).toBe('id');
    }
  });

  it('names every missing field at once', async () => {
    const required = spec.fields.filter(one => isWritable(one) && isRequired(one)).map(one => one.name);
    if (required.length === 0) return;
    const { status, body } = await t.http('POST', `/api/${path}`, { body: {} });
    expect(status).toBe(422);
    expect(body.details.errors.map(one => one.field)).toEqual(expect.arrayContaining(required));
  });

  it.each(['PATCH', 'PUT'])('changes with %s what the body names, and leaves the rest', async method => {
    if (!has('update')) return;
    const made = await t.make(path);
    const before = (await t.http('GET', url(made.id))).body;
    const { field, values } = anEdit(spec);
    for (const value of values) {
      const {
        status,
        headers,
        body: after,
      } = await t.http(method, url(made.id), { body: { [field]: value } });
      expect({ method, status }).toEqual({ method, status: 200 });
      expect(after[field]).toBe(value);
      expect(headers.etag).toBe(`"${after.version}"`);
      for (const { name } of spec.fields.filter(
        one => isWritable(one) && one.name !== field && one.name !== SINCE,
      ))
        expect({ [name]: after[name] }).toEqual({ [name]: before[name] });
      expect((await t.http('GET', url(made.id))).body).toMatchObject({
        [field]: value,
        version: after.version,
      });
    }
    const entries = (await entriesOf(t, made.id)).filter(one => one.action === `${spec.name}.update`);
    expect(entries).toHaveLength(2);
    expect(entries[1]?.changes[field]).toEqual(values);
  });

  it('clears with null what may be null, and refuses it elsewhere', async () => {
    if (!has('update')) return;
    let { id } = await t.make(path);
    for (const field of spec.fields.filter(one => isWritable(one) && !one.writeOnly)) {
      // A reference that goes may forbid the next one to go.
      if (field.reference) ({ id } = await t.make(path));
      const { status, body } = await t.http('PATCH', url(id), { body: { [field.name]: null } });
      const clears = field.nullable && !NOT_NULL[path]?.includes(field.name);
      expect({ field: field.name, status }).toEqual({ field: field.name, status: clears ? 200 : 422 });
      if (!clears) expect(body.details.errors.map(one => one.field)).toContain(field.name);
      // The client may be that of what the row refers to.
      else if (field.name !== 'client_id' || !spec.inheritsClient)
        expect({ [field.name]: body[field.name] }).toEqual({ [field.name]: null });
    }
  });

  it('takes back a row as it was read, and refuses other values of what is read-only', async () => {
    if (!has('update')) return;
    const { id } = await t.make(path);
    const before = (await t.http('GET', url(id))).body;
    const { status, body: after, text } = await t.http('PUT', url(id), { body: before });
    expect({ status, text }).toEqual({ status: 200, text });
    for (const { name } of spec.fields.filter(one => isWritable(one) && !one.writeOnly))
      expect({ [name]: after[name] }).toEqual({ [name]: before[name] });
    const version = after.version;
    const others = spec.fields
      .filter(one => one.readOnly && !one.internal)
      .map(({ name }) => [name, { id: randomUUID(), version: 999_999 }[name] ?? 'something else'] as const);
    const refused = await t.http('PATCH', url(id), { body: Object.fromEntries(others) });
    expect(refused.status).toBe(422);
    for (const [field] of others)
      expect(refused.body.details.errors).toContainEqual({
        field,
        message: 'is read-only',
        rule: 'readOnly',
      });
    expect((await t.http('GET', url(id))).body.version).toBe(version);
  });
});
