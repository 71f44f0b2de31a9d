import { allResources, clientColumn, type ResourceSpec } from '../src/core/resource/resource.js';
import { startApp, type Answer, type Body, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const clientOf = async () => (await t.make('clients')).id;
const remove = (id: string, token?: string) => t.http('DELETE', `/api/clients/${id}`, { token });
const told = ({ status, body }: Answer) => [status, body.code, body.details.left_behind];

/** Those whose rows keep without their client what they are: by themselves, and not with what they hang on. */
const STAYING = allResources().filter(
  spec =>
    spec.client === 'self' &&
    clientColumn(spec) === 'client_id' &&
    spec.byName.get('client_id')?.reference?.onDelete === 'SET NULL',
);
const staying = STAYING.map((spec): [string, ResourceSpec] => [spec.path, spec]);

describe.each(staying)('rows of %s', (path, { table }) => {
  it('refuse the deletion of their client, and stay out of sight', async () => {
    const client_id = await clientOf();
    const kept = await t.user({ client_access: 'except', client_ids: [client_id] });
    const row = await t.make(path, { client_id });
    const refused = await remove(client_id);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.details).toMatchObject({ resource_type: 'Client', resource_id: client_id });
    expect(refused.body.details.left_behind).toContain(path);
    expect(refused.body.error).toContain('archive it');
    expect(await t.sql(`SELECT client_id FROM ${table} WHERE id = ?`, [row.id])).toEqual([{ client_id }]);
    expect((await t.http('GET', `/api/${path}/${row.id}`, { token: kept.token })).status).toBe(404);
  });
});

test('which resources have such rows are those of the domain', () => {
  expect(STAYING.map(one => one.path)).toEqual(
    expect.arrayContaining([
      'sessions',
      'tasks',
      'pending-tasks',
      'projects',
      'services',
      'security-incidents',
    ]),
  );
});

test('a client is archived while rows are there, and goes when they are gone', async () => {
  const client_id = await clientOf();
  const session = await t.make('sessions', { client_id });
  const project = await t.make('projects', { client_id });
  await t.make('sites', { client_id });
  const refused = await remove(client_id);
  expect(told(refused)).toEqual([409, 'conflict', ['projects', 'sessions']]);
  expect(refused.body.error).toContain('projects and sessions');
  const archived = { status: 'archived', archived_at: new Date().toISOString() };
  expect((await t.http('PATCH', `/api/clients/${client_id}`, { body: archived })).status).toBe(200);
  await t.http('DELETE', `/api/sessions/${session.id}`);
  await t.http('PATCH', `/api/projects/${project.id}`, { body: { client_id: await clientOf() } });
  expect((await remove(client_id)).status).toBe(204);
});

test('all that is in the way is told at once, and what can never be deleted', async () => {
  const client_id = await clientOf();
  await t.make('credentials', { client_id });
  await t.make('projects', { client_id });
  const time = await t.make('billable-time', { client_id });
  const refused = await remove(client_id);
  expect([refused.status, refused.body.error]).toEqual([
    409,
    'Client is still referenced by billable time and credentials, and still has projects, which would belong to nobody: ' +
      'archive it (archived_at), or move or delete them first',
  ]);
  expect(refused.body.details).toMatchObject({
    referenced_by: ['billable-time', 'credentials'],
    left_behind: ['projects'],
  });
  await t.change("UPDATE billable_time SET status = 'billed' WHERE id = ?", [time.id]);
  const billed = await remove(client_id);
  expect([billed.status, billed.body.error]).toEqual([
    409,
    'Client is still referenced by billable time and credentials, and still has projects, which would belong to nobody: ' +
      'archive it (archived_at); what was billed cannot be deleted at all',
  ]);
});

test('what was exchanged in a session stays the client’s when the session goes', async () => {
  const client_id = await clientOf();
  const session = await t.make('sessions', { client_id });
  const log = await t.make('external-integrations', { session_id: session.id });
  expect((await t.http('DELETE', `/api/sessions/${session.id}`)).status).toBe(204);
  const left = (await t.http('GET', `/api/external-integrations/${log.id}`)).body;
  expect(left).toMatchObject({ session_id: null, client_id });
  expect(told(await remove(client_id))).toEqual([409, 'conflict', ['external-integrations']]);
});

/** A row that takes its client from what it refers to keeps it when that goes. */
const INHERITED = allResources()
  .filter(spec => spec.inheritsClient)
  .flatMap(spec =>
    spec.fields
      .filter(one => one.reference?.onDelete === 'SET NULL' && !one.readOnly && one.name !== 'client_id')
      .map((field): [string, string, string, string] => [
        spec.path,
        field.name,
        allResources().find(one => one.type === field.reference?.target())?.path ?? '',
        spec.table,
      ]),
  );

describe.each(INHERITED)('%s', (path, field, parent, table) => {
  it(`keep the client of their ${field} when that goes`, async () => {
    const client_id = await clientOf();
    const above = await t.make(parent, { client_id });
    const row = await t.make(path, { client_id, [field]: above.id });
    expect((await t.http('DELETE', `/api/${parent}/${above.id}`)).status).toBe(204);
    expect(await t.sql(`SELECT ${field}, client_id FROM ${table} WHERE id = ?`, [row.id])).toEqual([
      { [field]: null, client_id },
    ]);
  });
});

test('whose token is not for a resource learns no more than that there are rows', async () => {
  const client_id = await clientOf();
  const tokenFor = async (resources: string[]) => {
    const body = { name: 'cleaner', scopes: ['msp:read', 'msp:admin'], resources };
    return String((await t.http('POST', '/api/access-tokens', { body })).body.token);
  };
  await t.make('sessions', { client_id });
  await t.make('tasks', { client_id });
  const [clients, tasks] = [await tokenFor(['clients']), await tokenFor(['clients', 'tasks'])];
  const unseen = await remove(client_id, clients);
  expect(told(unseen)).toEqual([409, 'conflict', []]);
  expect(unseen.text).not.toMatch(/session|task/);
  expect(unseen.body.error).toContain('rows that you do not see');
  const some = await remove(client_id, tasks);
  expect(told(some)).toEqual([409, 'conflict', ['tasks']]);
  expect(some.text).not.toMatch(/session/);
  await t.make('credentials', { client_id });
  expect((await remove(client_id, clients)).text).not.toMatch(/credential|session|task/);
  expect((await remove(client_id)).body.details.referenced_by).toEqual(['credentials']);
});

test('a row that is written at the same time is there and refuses, or finds no client', async () => {
  for (let round = 0; round < 12; round++) {
    const client_id = await clientOf();
    const write = (path: string, body: Body) =>
      t.http('POST', `/api/${path}`, { body: { ...body, client_id } });
    const moving = await t.make('tasks', { client_id: null });
    const [removed, ...written] = await Promise.all([
      remove(client_id),
      write('sessions', { title: 'Meanwhile' }),
      write('tasks', { title: 'Meanwhile' }),
      t.http('PATCH', `/api/tasks/${moving.id}`, { body: { client_id } }),
    ]);
    expect([204, 409]).toContain(removed.status);
    for (const one of written) expect([200, 201, 409, 422]).toContain(one.status);
    const stored = written.filter(one => one.status < 300);
    if (removed.status === 204) expect(stored).toEqual([]);
    else expect(stored.length).toBeGreaterThan(0);
  }
  const nobodys = await t.sql("SELECT id FROM sessions WHERE title = 'Meanwhile' AND client_id IS NULL");
  expect(nobodys).toEqual([]);
  expect(await t.sql("SELECT id FROM tasks WHERE title = 'Meanwhile' AND client_id IS NULL")).toEqual([]);
});

test('a deletion waits for the row that another transaction writes', async () => {
  const client_id = await clientOf();
  const task = await t.make('tasks', { client_id: null });
  const other = await t.opened.database.connections.begin();
  await other.change('UPDATE tasks SET client_id = ? WHERE id = ?', [client_id, task.id]);
  const removed = remove(client_id);
  await new Promise(resolve => setTimeout(resolve, 300));
  await other.commit();
  expect(told(await removed)).toEqual([409, 'conflict', ['tasks']]);
});
