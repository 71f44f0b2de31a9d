import { randomUUID } from 'node:crypto';
import type { FieldSpec } from '../../src/core/table/field-spec.js';
import { clientColumn, resourceOf, type ResourceSpec } from '../../src/core/resource/resource.js';
import { startApp, type TestApp } from '../app.js';
import { insteadOf } from '../factories.js';
import { type ApiDocument, documentOf, RESOURCES, uniformRoutes } from '../harness/all-resources.js';
import { isWritable } from '../harness/edits.js';

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

const REFERENCES = RESOURCES.flatMap(([, spec]) =>
  spec.fields.flatMap((field): [string, ResourceSpec, FieldSpec][] =>
    field.reference && isWritable(field) ? [[`${spec.path}.${field.name}`, spec, field]] : [],
  ),
);

describe.each(REFERENCES)('%s', (_name, spec, field) => {
  const url = `/api/${spec.path}`;
  const parent = resourceOf(field.reference?.target() as never);
  const faultsOf = (body: { details: { errors?: { field: string }[] } }) =>
    body.details.errors?.map(one => one.field);

  it('refuses what does not exist, on create and on update', async () => {
    const unknown = { ...insteadOf(spec.path, field.name), [field.name]: randomUUID() };
    const given = { ...(await t.body(spec.path)), ...unknown };
    const created = await t.http('POST', url, { body: given });
    expect(created.status).toBe(422);
    expect(faultsOf(created.body)).toContain(field.name);
    if (!uniformRoutes(document, spec).has('update')) return;
    const { id } = await t.make(spec.path);
    const updated = await t.http('PATCH', `${url}/${id}`, { body: unknown });
    expect(updated.status).toBe(422);
    expect(Object.keys(unknown)).toEqual(expect.arrayContaining(faultsOf(updated.body) ?? ['none']));
  });

  it('accepts an id in upper case, and stores it in lower case', async () => {
    const given = { ...(await t.body(spec.path)), ...insteadOf(spec.path, field.name) };
    // A work item is of the session that the row is of, a client that of the rest of it.
    const beside =
      given.session_id && parent.byName.has('session_id') ? { session_id: given.session_id } : {};
    const made = async () =>
      parent.path === 'clients' ? t.client() : (await t.make(parent.path, beside)).id;
    const id = (given[field.name] as string | undefined) ?? (await made());
    const { status, body } = await t.http('POST', url, {
      body: { ...given, [field.name]: id.toUpperCase() },
    });
    expect({ status, [field.name]: body[field.name] }).toEqual({ status: 201, [field.name]: id });
  });

  const followed = typeof spec.client === 'object' && spec.client.via === field.name;
  const both = clientColumn(spec) === 'client_id' && clientColumn(parent) === 'client_id';
  if (!both) return;

  if (followed)
    it('takes the row along to another client', async () => {
      if (!uniformRoutes(document, spec).has('update')) return;
      const [one, other] = [await t.make('clients'), await t.make('clients')];
      const row = await t.make(spec.path, { client_id: one.id });
      expect(row.client_id).toBe(one.id);
      const above = await t.make(parent.path, { client_id: other.id });
      const { status, body } = await t.http('PATCH', `${url}/${row.id}`, {
        body: { [field.name]: above.id },
      });
      if (status === 200) expect(body.client_id).toBe(other.id);
      else expect(status).toBe(422);
    });
  else
    it('refuses a row of another client, on create and on update', async () => {
      const [one, other] = [await t.make('clients'), await t.make('clients')];
      const foreign = await t.make(parent.path, { client_id: other.id });
      const given = { ...(await t.body(spec.path, { client_id: one.id })), [field.name]: foreign.id };
      const created = await t.http('POST', url, { body: given });
      expect({ status: created.status, text: created.text }).toEqual({ status: 422, text: created.text });
      if (!uniformRoutes(document, spec).has('update')) return;
      const { id } = await t.make(spec.path, { client_id: one.id });
      const updated = await t.http('PATCH', `${url}/${id}`, { body: { [field.name]: foreign.id } });
      expect({ status: updated.status, text: updated.text }).toEqual({ status: 422, text: updated.text });
    });
});
