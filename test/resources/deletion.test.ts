import type { FieldSpec } from '../../src/core/table/field-spec.js';
import { encode } from '../../src/core/table/codec.js';
import { clientColumn, resourceOf, type ResourceSpec, viaField } from '../../src/core/resource/resource.js';
import { Units } from '../../src/core/database/units.js';
import { startApp, type Shown, type TestApp } from '../app.js';
import { type ApiDocument, documentOf, RESOURCES, uniformRoutes } from '../harness/all-resources.js';
import { isWritable } from '../harness/edits.js';
import { entriesOf } from '../harness/journal.js';

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

const urlOf = (spec: ResourceSpec, id: string) => `/api/${spec.path}/${id}`;

describe.each(RESOURCES)('DELETE /api/%s/{id}', (path, spec) => {
  it('answers 204, once, and leaves an entry', async () => {
    if (!uniformRoutes(document, spec).has('remove') || spec.keeps) return;
    const { id } = await t.make(path);
    const { status, text } = await t.http('DELETE', urlOf(spec, id));
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect((await t.http('GET', urlOf(spec, id))).status).toBe(404);
    expect((await t.http('DELETE', urlOf(spec, id))).status).toBe(404);
    expect(await t.sql(`SELECT id FROM ${spec.table} WHERE id = ?`, [id])).toEqual([]);
    const entries = (await entriesOf(t, id)).filter(
      one => one.action === `${spec.name}.delete` && one.outcome === 'ok',
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ outcome: 'ok', actor_id: t.admin.id });
  });
});

const REFERENCES = RESOURCES.flatMap(([, child]) =>
  child.fields.flatMap((field): [string, FieldSpec['reference'], ResourceSpec, FieldSpec][] =>
    field.reference ? [[`${child.path}.${field.name}`, field.reference, child, field]] : [],
  ),
);

describe.each(REFERENCES)('%s', (_name, reference, child, field) => {
  const parent = resourceOf(reference?.target() as never);
  const action = onDeletion(child, field);

  it(`is ${action} when what it refers to is deleted`, async () => {
    if (!uniformRoutes(document, parent).has('remove')) return;
    const [above, below] = await pair(parent, child, field);
    const before = (await t.http('GET', urlOf(child, below.id))).body;
    expect(before[field.name]).toBe(above.id);
    const { status, headers, body } = await t.http('DELETE', urlOf(parent, above.id));
    const after = await t.http('GET', urlOf(child, below.id));
    const entries = (await entriesOf(t, below.id)).filter(one => one.request_id === headers['x-request-id']);
    if (action === 'RESTRICT') {
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'conflict' });
      expect(body.details).toMatchObject({ resource_type: parent.label, resource_id: above.id });
      expect(after.body).toMatchObject({ [field.name]: above.id, version: before.version });
      expect((await t.http('GET', urlOf(parent, above.id))).status).toBe(200);
      expect(entries).toEqual([]);
      return;
    }
    expect({ status, text: JSON.stringify(body) }).toEqual({ status: 204, text: '{}' });
    if (action === 'CASCADE') {
      expect(after.status).toBe(404);
      expect(entries.map(one => one.action)).toEqual([`${child.name}.delete`]);
    } else {
      expect(after.body).toMatchObject({ [field.name]: null, version: before.version + 1 });
      expect(entries).toEqual([expect.objectContaining({ action: `${child.name}.update` })]);
      expect(entries[0]?.changes[field.name]).toEqual([above.id, null]);
    }
  });
});

/** What is declared; but a row does not lose its client: it goes with its parent, if that goes with the client, or refuses. */
function onDeletion(child: ResourceSpec, { name, reference }: FieldSpec): string {
  const declared = reference?.onDelete ?? 'RESTRICT';
  if (name !== 'client_id' || declared !== 'SET NULL') return declared;
  const place = child.byName.get(viaField(child) ?? '')?.reference;
  const above = place && resourceOf(place.target() as never).byName.get('client_id')?.reference;
  return place?.onDelete === 'CASCADE' && above?.onDelete === 'CASCADE' ? 'CASCADE' : 'RESTRICT';
}

/** Two rows of a client of their own, the second of which refers to the first. */
async function pair(parent: ResourceSpec, child: ResourceSpec, field: FieldSpec): Promise<[Shown, Shown]> {
  const client = await t.make('clients');
  const above = parent.path === 'clients' ? client : await t.make(parent.path, { client_id: client.id });
  // What both refer to is the same row: a detail stands in the session of its work item.
  const shared = child.fields.filter(
    one => one.reference && isWritable(one) && ![field.name, 'client_id'].includes(one.name),
  );
  const owned = {
    ...Object.fromEntries(shared.flatMap(({ name }) => (above[name] ? [[name, above[name]]] : []))),
    ...(clientColumn(child) !== 'client_id' ? {} : { client_id: client.id }),
  };
  if (isWritable(field)) return [above, await t.make(child.path, { ...owned, [field.name]: above.id })];
  const below = await t.make(child.path, owned);
  if (below[field.name] !== above.id)
    await t.app
      .get(Units)
      .run(() =>
        t.app
          .get(Units)
          .sql.change(`UPDATE ${child.table} SET ${field.name} = ? WHERE id = ?`, [
            encode(field, above.id),
            below.id,
          ]),
      );
  return [above, below];
}
