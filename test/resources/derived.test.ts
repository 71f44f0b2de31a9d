import { clientColumn, resourceOf, type ResourceSpec } from '../../src/core/resource/resource.js';
import type { FieldSpec } from '../../src/core/table/field-spec.js';
import { type Body, startApp, type TestApp } from '../app.js';
import { insteadOf } from '../factories.js';
import { RESOURCES } from '../harness/all-resources.js';
import { isWritable } from '../harness/edits.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

type Case = [string, ResourceSpec, FieldSpec];

const REFERENCES = RESOURCES.flatMap(([, spec]) =>
  spec.fields
    .filter(one => one.reference && isWritable(one) && one.name !== 'client_id' && one.name !== spec.owner)
    .map((field): Case => [`${spec.path}.${field.name}`, spec, field]),
);
const parentOf = (field: FieldSpec) => resourceOf(field.reference?.target() as never);
const isVia = (spec: ResourceSpec, field: FieldSpec) =>
  typeof spec.client === 'object' && spec.client.via === field.name;

/**
 * What follows a row to another client; not by a reference beside that to its parent, which stays where it is. The ends of a relationship only do so together, and a failure that has moved
 * counts in no pattern of its new client.
 */
const FOLLOWING = REFERENCES.filter(
  ([name, spec, field]) =>
    (isVia(spec, field) || (spec.inheritsClient && spec.client === 'self')) &&
    parentOf(field).client === 'self' &&
    !['service-relationships.from_service_id', 'operation-failures.session_id'].includes(name),
);
/** What stays without a row that goes; time and links keep the session that their work item had. */
const STAYING = REFERENCES.filter(
  ([name, , field]) =>
    field.reference?.onDelete === 'SET NULL' &&
    !['ticket-links.work_item_id', 'billable-time.work_item_id'].includes(name),
);

/** Every column of a row, but for those that no two rows have in common. */
async function stored({ table, fields }: ResourceSpec, id: string): Promise<Body> {
  const own = ['id', 'version', 'created_at', 'updated_at'];
  const names = fields.filter(one => !own.includes(one.name) && one.column.kind !== 'moment');
  const [row = {}] = await t.sql(`SELECT * FROM ${table} WHERE id = ?`, [id]);
  return Object.fromEntries(names.map(({ name }) => [name, row[name]]));
}

/** A new row that refers to a new one of this client, and the body that made it. */
async function below(spec: ResourceSpec, field: FieldSpec, client_id: string) {
  const parent = await t.make(parentOf(field).path, clientColumn(parentOf(field)) ? { client_id } : {});
  const given = { ...(await t.body(spec.path, { client_id })), ...insteadOf(spec.path, field.name) };
  const body: Body = { ...given, [field.name]: parent.id };
  const { status, body: row, text } = await t.http('POST', `/api/${spec.path}`, { body });
  expect({ status, text }).toEqual({ status: 201, text });
  return { url: `/api/${parentOf(field).path}/${parent.id}`, body, id: row.id };
}

/** What is stored of the row, and of the one that is made of a body once it is gone. */
async function isAndAnew(spec: ResourceSpec, id: string, body: Body): Promise<[Body, Body]> {
  const is = await stored(spec, id);
  expect((await t.http('DELETE', `/api/${spec.path}/${id}`)).status).toBe(204);
  const made = await t.http('POST', `/api/${spec.path}`, { body });
  expect({ status: made.status, text: made.text }).toEqual({ status: 201, text: made.text });
  return [is, await stored(spec, made.body.id)];
}

it.each(FOLLOWING)('%s of a row that moves: what is derived is as if written anew', async (...one: Case) => {
  const [, spec, field] = one;
  const [former, client_id] = [(await t.make('clients')).id, (await t.make('clients')).id];
  const { url, body, id } = await below(spec, field, former);
  expect((await t.http('PATCH', url, { body: { client_id } })).status).toBe(200);
  const [is, anew] = await isAndAnew(spec, id, { ...body, ...(isVia(spec, field) ? {} : { client_id }) });
  expect(is).toEqual(anew);
});

it.each(STAYING)('%s of a row that goes: what is derived is as if written anew', async (...one: Case) => {
  const [, spec, field] = one;
  const client = (await t.make('clients')).id;
  const { url, body, id } = await below(spec, field, client);
  expect((await t.http('DELETE', url)).status).toBe(204);
  const [is, anew] = await isAndAnew(spec, id, { ...body, [field.name]: null });
  // Whose it was is not forgotten with the row that said so.
  expect(is).toEqual({ ...anew, ...(isVia(spec, field) ? { client_id: client } : {}) });
});
