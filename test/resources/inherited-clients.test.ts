import { ClientsOfReferences1763800000870 } from '../../migrations/0087-clients-of-references.js';
import { ClientsOfDetails1763800001100 } from '../../migrations/0110-clients-of-details.js';
import { referringFields } from '../../src/core/resource/references.js';
import {
  allResources,
  clientColumn,
  type ResourceSpec,
  resourceOf,
  viaField,
} from '../../src/core/resource/resource.js';
import type { FieldSpec } from '../../src/core/table/field-spec.js';
import { type Body, type Shown, startApp, type TestApp } from '../app.js';
import { insteadOf } from '../factories.js';
import { RESOURCES } from '../harness/all-resources.js';

let t: TestApp;
/** The one client, the user who is kept from it, and the one who sees nothing else. */
let client_id: string;
let kept: string;
let own: string;
beforeAll(async () => {
  t = await startApp();
  client_id = (await t.make('clients')).id;
  kept = (await t.user({ client_access: 'except', client_ids: [client_id] })).token;
  own = (await t.user({ client_access: 'only', client_ids: [client_id] })).token;
});
afterAll(() => t.close());

type Case = [name: string, spec: ResourceSpec, field: FieldSpec];

/** Of rows whose client is that of a parent, what leads there by itself gives no other. */
const leadsTo = (via: string | undefined, { name, reference }: FieldSpec) =>
  via !== undefined && (name === via || viaField(resourceOf(reference?.target() as never)) === via);

/** Every reference of rows that may be without a client, to rows that may have one. */
const OPEN: Case[] = RESOURCES.filter(
  ([, spec]) => clientColumn(spec) && spec.byName.get('client_id')?.nullable,
).flatMap(([path, spec]) =>
  referringFields(spec)
    .filter(field => !leadsTo(viaField(spec), field))
    .map((field): Case => [`${path}.${field.name}`, spec, field]),
);
const INHERITING = OPEN.filter(([, spec]) => !spec.asksForClient);
const ASKING = OPEN.filter(([, spec]) => spec.asksForClient && spec.client === 'self');
const REFUSING = OPEN.filter(([, spec]) => spec.asksForClient && viaField(spec));
/** Turns stay as they are, and a link begins with what it is for. */
const mayComeLater = ({ path }: ResourceSpec) => !['conversation-turns', 'ticket-links'].includes(path);
/** What always has a client gives none later. */
const canBeGiven = ([, , field]: Case) => parentOf(field).byName.get('client_id')?.nullable === true;

const parentOf = (field: FieldSpec): ResourceSpec => resourceOf(field.reference?.target() as never);

/** A body that names no client, and refers by this field alone. */
async function bodyOf(spec: ResourceSpec, field: FieldSpec, id: string | null): Promise<Body> {
  const body = await t.body(spec.path, { client_id: null });
  for (const one of referringFields(spec)) if (one.nullable) body[one.name] = null;
  return { ...body, ...insteadOf(spec.path, field.name), [field.name]: id };
}

const post = async (spec: ResourceSpec, body: Body) => t.http('POST', `/api/${spec.path}`, { body });
const clientOf = async (spec: ResourceSpec, id: string) =>
  (await t.sql(`SELECT client_id FROM ${spec.table} WHERE id = ?`, [id]))[0]?.client_id;

async function expectTheirs(spec: ResourceSpec, id: string): Promise<void> {
  expect(await clientOf(spec, id)).toBe(client_id);
  const url = `/api/${spec.path}/${id}`;
  expect((await t.http('GET', url, { token: kept })).status).toBe(404);
  expect((await t.http('GET', url, { token: own })).status).toBe(200);
}

/** A row without a client, and the row from which it would have one. */
async function nobodys(path: string): Promise<{ row: Shown; moves: string }> {
  const row = await t.make(path, { client_id: null });
  const spec = resourceOf(RESOURCES.find(([one]) => one === path)?.[1].type as never);
  const via = viaField(spec);
  const above = via && resourceOf(spec.byName.get(via)?.reference?.target() as never).path;
  return { row, moves: above ? `/api/${above}/${String(row[via])}` : `/api/${path}/${row.id}` };
}

it('every resource whose rows may be without a client says what becomes of those that refer to one', () => {
  const silent = OPEN.filter(([, spec]) => Boolean(spec.inheritsClient) === Boolean(spec.asksForClient));
  expect(silent.map(([name]) => name)).toEqual([]);
  expect(new Set(OPEN.map(([, { path }]) => path))).toEqual(
    new Set([
      ...allResources().filter(one => one.inheritsClient).map(one => one.path),
      'credentials',
      'project-states',
    ]),
  ); // prettier-ignore
});

describe.each(INHERITING)('%s', (...[, spec, field]) => {
  it('gives a new row its client', async () => {
    const parent = await t.make(parentOf(field).path, { client_id });
    const { status, body, text } = await post(spec, await bodyOf(spec, field, parent.id));
    expect({ status, text }).toEqual({ status: 201, text });
    expect(body.client_id).toBe(client_id);
    await expectTheirs(spec, body.id);
  });

  it('gives those of a bulk its client', async () => {
    const parent = await t.make(parentOf(field).path, { client_id });
    const items = [await bodyOf(spec, field, parent.id), await bodyOf(spec, field, parent.id)];
    const { body } = await t.http('POST', `/api/${spec.path}/bulk`, { body: { items } });
    const ids = (body.results as unknown as { id: string }[]).map(one => one.id);
    for (const id of ids) expect(await clientOf(spec, id)).toBe(client_id);
  });

  it('gives a row its client that refers to it later', async () => {
    const parent = await t.make(parentOf(field).path, { client_id });
    if (!field.nullable || !mayComeLater(spec)) return;
    const { id } = (await post(spec, await bodyOf(spec, field, null))).body;
    const body = { [field.name]: parent.id };
    const { status, text } = await t.http('PATCH', `/api/${spec.path}/${id}`, { body });
    expect({ status, text }).toEqual({ status: 200, text });
    await expectTheirs(spec, id);
  });
});

it.each(INHERITING.filter(canBeGiven))('%s gives its client when it comes to one', async (...one) => {
  const [, spec, field] = one;
  const { row, moves } = await nobodys(parentOf(field).path);
  const { id, client_id: before } = (await post(spec, await bodyOf(spec, field, row.id))).body;
  expect(before).toBeNull();
  const { status, text } = await t.http('PATCH', moves, { body: { client_id } });
  expect({ status, text }).toEqual({ status: 200, text });
  await expectTheirs(spec, id);
});

describe.each(ASKING)('%s', (...[, spec, field]) => {
  const asked = (answer: Awaited<ReturnType<TestApp['http']>>) => {
    expect([answer.status, answer.body.details.errors]).toEqual([
      422,
      [{ field: 'client_id', message: 'is required: what it is for belongs to a client', rule: 'client' }],
    ]);
  };

  it('opens no row by itself: the writer says whose it is', async () => {
    const parent = await t.make(parentOf(field).path, { client_id });
    const body = await bodyOf(spec, field, parent.id);
    asked(await post(spec, body));
    const bulk = (await t.http('POST', `/api/${spec.path}/bulk`, { body: { items: [body] } })).body;
    expect(JSON.stringify(bulk)).toContain('is required: what it is for belongs to a client');
    const theirs = await post(spec, { ...body, client_id });
    expect(theirs.status).toBe(201);
    asked(await t.http('PATCH', `/api/${spec.path}/${theirs.body.id}`, { body: { client_id: null } }));
    const { id } = (await post(spec, await bodyOf(spec, field, null))).body;
    asked(await t.http('PATCH', `/api/${spec.path}/${id}`, { body: { [field.name]: parent.id } }));
    // One that was there before is changed in all else.
    await t.change(`UPDATE ${spec.table} SET ${field.name} = ? WHERE id = ?`, [parent.id, id]);
    const edit = await t.http('PATCH', `/api/${spec.path}/${id}`, { body: { notes: 'Checked' } });
    expect({ status: edit.status, text: edit.text }).toEqual({ status: 200, text: edit.text });
  });

  it('is in the way of a row that comes to a client', async () => {
    if (!canBeGiven(['', spec, field])) return;
    const { row, moves } = await nobodys(parentOf(field).path);
    const { status } = await post(spec, await bodyOf(spec, field, row.id));
    expect(status).toBe(201);
    const moved = await t.http('PATCH', moves, { body: { client_id } });
    expect([moved.status, moved.body.details.errors?.[0]?.field]).toEqual([422, 'client_id']);
  });
});

it.each(REFUSING)(
  '%s refers to nothing of a client where its parent has none',
  async (...[, spec, field]) => {
    const parent = await t.make(parentOf(field).path, { client_id });
    const { status, body } = await post(spec, await bodyOf(spec, field, parent.id));
    expect([status, body.details.errors]).toEqual([
      422,
      [{ field: field.name, message: 'belongs to a client, and the row to none', rule: 'client' }],
    ]);
  },
);

/** A command in a session without a client, on a machine of a client of its own. */
async function onTheirMachine() {
  const theirs = (await t.make('clients')).id;
  const session = await t.make('sessions', { client_id: null });
  const host = await t.make('infrastructure', { client_id: theirs });
  const row = await t.make('commands-run', { session_id: session.id, infrastructure_id: host.id });
  expect(row.client_id).toBe(theirs);
  return { theirs, session, host, row };
}

test('what was done on a machine of a client stays that of the client, whatever becomes of machine and session', async () => {
  const { theirs, session, host, row } = await onTheirMachine();
  const faults = async (path: string, body: Body) =>
    (await t.http('PATCH', `/api/${path}`, { body })).body.details.errors?.map(one => one.message);
  expect(await faults(`sessions/${session.id}`, { client_id })).toEqual([
    'rows of the present client refer to this row',
  ]);
  expect((await t.http('DELETE', `/api/infrastructure/${host.id}`)).status).toBe(204);
  const kept = await t.http('PATCH', `/api/commands-run/${row.id}`, { body: { exit_code: 1 } });
  expect(kept.body).toMatchObject({ infrastructure_id: null, client_id: theirs, exit_code: 1 });
  const refused = await t.http('DELETE', `/api/clients/${theirs}`);
  expect([refused.status, refused.body.details.left_behind]).toEqual([409, ['commands-run']]);
  const other = await t.make('infrastructure', { client_id });
  const url = `/api/commands-run/${row.id}`;
  expect((await t.http('PATCH', url, { body: { infrastructure_id: other.id } })).body.client_id).toBe(
    client_id,
  );
});

test('what was done on a machine follows it to another client, and its session to the same one', async () => {
  const { theirs, session, host, row } = await onTheirMachine();
  const url = `/api/commands-run/${row.id}`;
  await t.http('PATCH', `/api/infrastructure/${host.id}`, { body: { client_id } });
  expect((await t.http('GET', url)).body.client_id).toBe(client_id);
  expect((await t.http('PATCH', `/api/sessions/${session.id}`, { body: { client_id } })).status).toBe(200);
  const moved = await t.http('PATCH', `/api/infrastructure/${host.id}`, { body: { client_id: theirs } });
  expect(moved.status).toBe(422);
  const left = await t.http('PATCH', `/api/sessions/${session.id}`, { body: { client_id: null } });
  expect([left.status, left.body.details.errors?.[0]?.message]).toEqual([
    422,
    'belongs to a client, and the row to none',
  ]);
});

test('a link of a credential without a client belongs to whom what it leads to belongs', async () => {
  const credential = await t.make('credentials', { client_id: null });
  const url = `/api/credentials/${credential.id}`;
  const link = (path: string, id: string) => t.http('PUT', `${url}/links/${path}/${id}`);
  const whose = async () =>
    (await t.sql('SELECT client_id FROM credential_links WHERE credential_id = ?', [credential.id])).map(
      one => one.client_id,
    );
  const host = await t.make('infrastructure', { client_id: null });
  expect((await link('infrastructure', host.id)).status).toBe(204);
  expect(await whose()).toEqual([null]);
  expect((await t.http('PATCH', `/api/infrastructure/${host.id}`, { body: { client_id } })).status).toBe(200);
  expect(await whose()).toEqual([client_id]);
  const other = (await t.make('clients')).id;
  expect((await t.http('PATCH', url, { body: { client_id: other } })).status).toBe(422);
  expect((await t.http('PATCH', url, { body: { client_id } })).status).toBe(200);
  expect((await t.http('PATCH', url, { body: { client_id: null } })).status).toBe(422);
});

test('what comes to a client takes along its parts and what was done in it, at any depth', async () => {
  const project = await t.make('projects', { client_id: null });
  const task = await t.make('tasks', { client_id: null, project_id: project.id });
  const part = await t.make('tasks', { client_id: null, parent_task_id: task.id });
  const session = await t.make('sessions', { client_id: null, project_id: project.id });
  const item = await t.make('work-items', { session_id: session.id });
  const promise = await t.make('pending-tasks', { client_id: null, work_item_id: item.id });
  const depends = await t.http('PUT', `/api/tasks/${task.id}/dependencies/${part.id}`);
  expect(depends.status).toBe(204);
  expect((await t.http('PATCH', `/api/projects/${project.id}`, { body: { client_id } })).status).toBe(200);
  for (const [path, { id }] of Object.entries({ tasks: part, 'work-items': item, 'pending-tasks': promise }))
    await expectTheirs(RESOURCES.find(([one]) => one === path)?.[1] as ResourceSpec, id);
  const entries = await t.http('GET', `/api/tasks?client_id=${client_id}&project_id=${project.id}`, {
    token: own,
  });
  expect(entries.body.items.map(one => one.id)).toEqual([task.id]);
});

test('a task that waits for one of another client is in the way of its project', async () => {
  const project = await t.make('projects', { client_id: null });
  const task = await t.make('tasks', { client_id: null, project_id: project.id });
  const other = await t.make('tasks', { client_id: (await t.make('clients')).id });
  const depends = await t.http('PUT', `/api/tasks/${task.id}/dependencies/${other.id}`);
  expect(depends.status).toBe(204);
  const { status, body } = await t.http('PATCH', `/api/projects/${project.id}`, { body: { client_id } });
  expect([status, body.details.errors?.[0]?.message]).toEqual([
    422,
    'tasks of the present client depend on this one, or it on them',
  ]);
});

test('the migration gives rows that were there before the client of what they refer to, and leaves credentials', async () => {
  const rows: [ResourceSpec, string][] = [];
  for (const [, spec, field] of INHERITING) {
    const parent = await t.make(parentOf(field).path, { client_id });
    rows.push([spec, (await post(spec, await bodyOf(spec, field, parent.id))).body.id]);
  }
  const project_id = (await t.make('projects', { client_id })).id;
  const session = await t.make('sessions', { client_id, project_id });
  const item = await t.make('work-items', { session_id: session.id });
  const parts = [(await t.make('tasks', { client_id, project_id })).id];
  for (let depth = 1; depth < 5; depth++)
    parts.push((await t.make('tasks', { client_id, parent_task_id: parts.at(-1) })).id);
  const site_id = (await t.make('sites', { client_id })).id;
  const credential = await t.make('credentials', { client_id: null });
  const nobodys = await t.make('tasks', { client_id: null, title: 'Ours' });
  const at = (path: string) => RESOURCES.find(([one]) => one === path)?.[1] as ResourceSpec;
  rows.push([at('sessions'), session.id], [at('work-items'), item.id]);
  for (const id of parts) rows.push([at('tasks'), id]);
  for (const [{ table }, id] of rows)
    await t.change(`UPDATE ${table} SET client_id = NULL WHERE id = ?`, [id]);
  await t.change('UPDATE credentials SET site_id = ? WHERE id = ?', [site_id, credential.id]);
  const runner = t.opened.database.dataSource.createQueryRunner();
  await new ClientsOfReferences1763800000870().up(runner);
  await new ClientsOfDetails1763800001100().up(runner);
  await runner.release();
  for (const [spec, id] of rows)
    expect([spec.path, await clientOf(spec, id)]).toEqual([spec.path, client_id]);
  expect(await clientOf(at('credentials'), credential.id)).toBeNull();
  expect((await t.http('GET', `/api/tasks/${nobodys.id}`)).body).toMatchObject({
    client_id: null,
    version: 1,
  });
  // Whoever has a copy of a row is told that it is another one.
  expect((await t.http('GET', `/api/tasks/${String(parts[4])}`)).body.version).toBe(2);
});
