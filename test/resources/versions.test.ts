import { type Body, startApp, type TestApp } from '../app.js';
import {
  type ApiDocument,
  documentOf,
  FIRST_OF_KIND,
  RESOURCES,
  uniformRoutes,
} from '../harness/all-resources.js';
import { anEdit, editsOf } from '../harness/edits.js';

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

describe.each(RESOURCES)('versions of /api/%s', (path, spec) => {
  const once = FIRST_OF_KIND.has(path) ? it : () => undefined;
  const url = (id: string) => `/api/${path}/${id}`;
  const has = (route: string) => uniformRoutes(document, spec).has(route as never);
  const read = async (id: string) => (await t.http('GET', url(id))).body;

  it('refuses a stale If-Match with 412, and changes nothing', async () => {
    if (!has('update')) return;
    const { id } = await t.make(path);
    const { field, values } = anEdit(spec);
    const body = { [field]: values[1] };
    const stale = (await t.http('GET', url(id))).headers.etag ?? '';
    await t.http('PATCH', url(id), { body: { [field]: values[0] } });
    const before = await read(id);
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const answer = await t.http(method, url(id), {
        headers: { 'if-match': stale },
        body: method === 'DELETE' ? undefined : body,
      });
      expect({ method, status: answer.status, code: answer.body.code }).toEqual({
        method,
        status: 412,
        code: 'precondition',
      });
      expect(answer.body.details).toMatchObject({ resource_type: spec.label, resource_id: id });
    }
    // Reading may be counted beside the row.
    const stored = (row: Body) =>
      Object.entries(row).filter(([name]) => !spec.virtual.some(one => one.name === name));
    expect(stored(await read(id))).toEqual(stored(before));
  });

  once('accepts the current version, one of several, and any', async () => {
    if (!has('update')) return;
    const { id } = await t.make(path);
    const { field, values } = anEdit(spec);
    for (const form of [(etag: string) => etag, (etag: string) => `"0", ${etag}`, () => '*']) {
      const etag = `"${(await read(id)).version}"`;
      const { status } = await t.http('PATCH', url(id), {
        headers: { 'if-match': form(etag) },
        body: { [field]: values[0] },
      });
      expect(status).toBe(200);
    }
  });

  once('lets one of several win who changed the same version', async () => {
    if (!has('update')) return;
    const { id } = await t.make(path);
    const { field, values } = anEdit(spec);
    const etag = `"${(await read(id)).version}"`;
    const answers = await Promise.all(
      [0, 1, 0, 1].map(n =>
        t.http('PATCH', url(id), { headers: { 'if-match': etag }, body: { [field]: values[n] } }),
      ),
    );
    expect(answers.map(one => one.status).sort()).toEqual([200, 412, 412, 412]);
  });

  it('loses no field when several change the same row at once', async () => {
    if (!has('update')) return;
    const { id, version, ...made } = await t.make(path);
    const edits = editsOf(spec)
      .filter(({ field, values }) => made[field] !== values[0])
      .slice(0, 4);
    const answers = await Promise.all(
      edits.map(({ field, values }) => t.http('PATCH', url(id), { body: { [field]: values[0] } })),
    );
    expect(answers.map(one => one.status)).toEqual(edits.map(() => 200));
    const after = await read(id);
    for (const { field, values } of edits) expect({ [field]: after[field] }).toEqual({ [field]: values[0] });
    expect(after.version).toBeGreaterThanOrEqual(version + edits.length);
    expect(new Set(answers.map(one => one.body.version)).size).toBe(edits.length);
  });
});
