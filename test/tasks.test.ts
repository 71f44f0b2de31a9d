import { type Body, startApp, type TestApp } from './app.js';
import { entriesOf } from './harness/journal.js';

describe('tasks', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const task = async (given: Body = {}) => (await t.make('tasks', given)).id;
  const patch = (id: string, body: Body, token?: string) =>
    t.http('PATCH', `/api/tasks/${id}`, { body, token });
  const wait = (id: string, other: string, token?: string) =>
    t.http('PUT', `/api/tasks/${id}/dependencies/${other}`, { token });
  const waits = async (id: string, token?: string) =>
    (await t.http('GET', `/api/tasks/${id}/dependencies`, { token })).body.items.map(one => one.id);
  const tree = async (id: string, query: Record<string, string | number> = {}, token?: string) =>
    (await t.http('GET', `/api/tasks/${id}/tree`, { query, token })).body;
  const only = async (...client_ids: string[]) =>
    (await t.user({ client_access: 'only', client_ids, scopes: ['msp:read', 'msp:write'] })).token;

  test('the status sets when a task was begun and completed', async () => {
    const made = await t.make('tasks');
    expect([made.started_at, made.completed_at]).toEqual([null, null]);
    const begun = (await patch(made.id, { status: 'in_progress' })).body;
    expect(begun.started_at).toMatch(/Z$/);
    const done = (await patch(made.id, { status: 'completed' })).body;
    expect([done.started_at, typeof done.completed_at]).toEqual([begun.started_at, 'string']);
    expect((await patch(made.id, { status: 'pending' })).body).toMatchObject({
      started_at: begun.started_at,
      completed_at: null,
    });
    expect((await patch(made.id, { completed_at: '2020-01-01T00:00:00Z' })).status).toBe(422);
  });

  test('a blocked task says why', async () => {
    const id = await task();
    for (const blocking_reason of [undefined, null, '  \n']) {
      const { status, body } = await patch(id, { status: 'blocked', blocking_reason });
      expect([status, body.details.field]).toEqual([422, 'blocking_reason']);
    }
    expect((await patch(id, { status: 'blocked', blocking_reason: 'No key to the room' })).status).toBe(200);
    expect((await patch(id, { blocking_reason: null })).status).toBe(422);
  });

  test('nobody gets a task whose client he does not see', async () => {
    const [client_id, other] = [await t.client(), (await t.make('clients')).id];
    const stranger = await t.user({ client_access: 'only', client_ids: [other] });
    const excepted = await t.user({ client_access: 'except', client_ids: [client_id] });
    const friend = await t.user({ client_access: 'only', client_ids: [client_id] });
    const give = async (assigned_to: string, more: Body = {}) =>
      (await t.http('POST', '/api/tasks', { body: { title: 'x', client_id, assigned_to, ...more } })).body;
    expect((await give(stranger.id)).details.field).toBe('assigned_to');
    expect((await give(excepted.id)).details.field).toBe('assigned_to');
    expect((await give(stranger.id, { client_id: null })).assigned_to).toBe(stranger.id);
    const { id } = await give(friend.id);
    expect((await patch(id, { client_id: other })).body.details.field).toBe('assigned_to');
    expect((await patch(id, { client_id: other, assigned_to: stranger.id })).status).toBe(200);
  });

  test('a task is no part of itself, however deep, nor of what the actor does not see', async () => {
    const top = await task();
    const middle = await task({ parent_task_id: top });
    const bottom = await task({ parent_task_id: middle });
    for (const parent_task_id of [top, middle, bottom]) {
      const { status, body } = await patch(top, { parent_task_id });
      expect([status, body.details.field]).toEqual([409, 'parent_task_id']);
    }
    const client_id = (await t.make('clients')).id;
    const own = await task({ client_id });
    const token = await only(client_id);
    for (const [method, path] of [
      ['POST', '/api/tasks'],
      ['PATCH', `/api/tasks/${own}`],
    ] as const) {
      const body = { title: 'x', client_id, parent_task_id: top };
      const answer = await t.http(method, path, { body, token });
      expect([answer.status, answer.body.details.field]).toEqual([422, 'parent_task_id']);
    }
  });

  test('two moves, or two dependencies, at once do not close a circle', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await task(), await task()];
      const moved = [patch(a, { parent_task_id: b }), patch(b, { parent_task_id: a })];
      expect((await Promise.all(moved)).map(one => one.status).sort()).toEqual([200, 409]);
      const [c, d] = [await task(), await task()];
      const ring = [
        [c, d],
        [d, a],
        [a, c],
      ] as const;
      const answers = (await Promise.all(ring.map(([one, other]) => wait(one, other)))).map(
        one => one.status,
      );
      expect(answers.sort()).toEqual([204, 204, 409]);
    }
  });

  test('dependencies are added once, listed, taken away, and on the trail', async () => {
    const [a, b] = [await task(), await task()];
    expect([(await wait(a, b)).status, (await wait(a, b)).status, (await wait(a, a)).status]).toEqual([
      204, 204, 409,
    ]);
    expect(await waits(a)).toEqual([b]);
    const away = () => t.http('DELETE', `/api/tasks/${a}/dependencies/${b}`);
    expect([(await away()).status, (await away()).status]).toEqual([204, 204]);
    expect(await waits(a)).toEqual([]);
    const entries = (await entriesOf(t, a)).filter(one => one.action.startsWith('task.'));
    const actions = entries.map(one => [one.action, one.details.depends_on_id]);
    expect(actions).toEqual([
      ['task.create', undefined],
      ['task.add_dependency', b],
      ['task.remove_dependency', b],
    ]);
  });

  test('a task completes when what it waits for is done', async () => {
    const [a, b] = [await task(), await task()];
    await wait(a, b);
    const { status, body } = await patch(a, { status: 'completed' });
    expect([status, body.details.field]).toEqual([409, 'status']);
    await patch(b, { status: 'cancelled' });
    expect((await patch(a, { status: 'completed' })).status).toBe(200);
    expect((await wait(a, await task())).status).toBe(409);
    for (let round = 0; round < 5; round++) {
      const [c, d] = [await task(), await task()];
      const answers = await Promise.all([wait(c, d), patch(c, { status: 'completed' })]);
      expect(answers.map(one => one.status)).toContain(409);
    }
  });

  test('tasks of clients that the actor does not see are not there', async () => {
    const [mine, theirs] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const [own, free, hidden] = [
      await task({ client_id: mine }),
      await task({ client_id: null }),
      await task({ client_id: theirs }),
    ];
    const token = await only(mine);
    const except = (await t.user({ client_access: 'except', client_ids: [theirs] })).token;
    expect((await wait(own, hidden, token)).status).toBe(404);
    expect((await wait(hidden, own, token)).status).toBe(404);
    expect((await t.http('DELETE', `/api/tasks/${own}/dependencies/${hidden}`, { token })).status).toBe(404);
    expect((await t.http('GET', `/api/tasks/${hidden}/tree`, { token })).status).toBe(404);
    expect((await t.http('GET', `/api/tasks/${hidden}/dependencies`, { token })).status).toBe(404);
    expect((await wait(own, hidden)).status).toBe(409);
    expect((await wait(free, hidden)).status).toBe(204);
    await t.http('PATCH', `/api/tasks/${hidden}`, { body: { parent_task_id: free } });
    expect(await waits(free)).toEqual([hidden]);
    expect(await waits(free, except)).toEqual([]);
    expect((await tree(free)).items.map(one => one.id)).toEqual([free, hidden]);
    expect((await tree(free, {}, except)).items.map(one => one.id)).toEqual([free]);
    expect((await patch(free, { status: 'completed' })).status).toBe(409);
    expect((await patch(free, { status: 'completed' }, except)).status).toBe(200);
    expect((await patch(free, { client_id: mine })).body.details.field).toBe('client_id');
  });

  test('the tree comes level by level, in pages', async () => {
    const top = await task({ title: 'top' });
    const [b, a] = [
      await task({ parent_task_id: top, task_order: 2 }),
      await task({ parent_task_id: top, task_order: 1 }),
    ];
    const deep = await task({ parent_task_id: b });
    const all = (await tree(top)).items.map(one => [one.id, one.depth]);
    expect(all).toEqual([
      [top, 0],
      [a, 1],
      [b, 1],
      [deep, 2],
    ]);
    const seen: unknown[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await tree(top, { limit: 1, fields: 'title', ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(one => one.id));
      cursor = page.next as string | null;
    }
    expect(seen).toEqual([top, a, b, deep]);
    for (const query of [
      'limit=0',
      'limit=501',
      'cursor=x',
      `cursor=${Buffer.from('[1,"x",null]').toString('base64url')}`,
    ])
      expect((await t.http('GET', `/api/tasks/${top}/tree?${query}`)).status).toBe(422);
  });

  describe('pending tasks', () => {
    const start = (id: string, token?: string) =>
      t.http('POST', `/api/pending-tasks/${id}/start-work`, { token });

    test('become a task once, however many start at once', async () => {
      const row = await t.make('pending-tasks', {
        title: 'Order a switch',
        priority: 'high',
        due_on: '2026-03-01',
      });
      const answers = await Promise.all(Array.from({ length: 20 }, () => start(row.id)));
      expect(answers.map(one => one.status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
      const made = answers.find(one => one.status === 201)?.body;
      expect(made).toMatchObject({
        title: 'Order a switch',
        client_id: row.client_id,
        priority: 'high',
        status: 'in_progress',
        assigned_to: t.admin.id,
        due_at: '2026-03-01T23:59:59.000Z',
      });
      const after = (await t.http('GET', `/api/pending-tasks/${row.id}`)).body;
      expect(after).toMatchObject({ status: 'in_progress', task_id: made?.id, version: 2 });
    });

    test('are not started when they are done, nor by who does not see them', async () => {
      const row = await t.make('pending-tasks', { status: 'completed' });
      expect(row.completed_at).toMatch(/Z$/);
      expect((await start(row.id)).status).toBe(409);
      expect((await start(row.id, await only((await t.make('clients')).id))).status).toBe(404);
      const { id: reader } = await t.make('pending-tasks');
      expect((await start(reader, (await t.user({ scopes: ['msp:read'] })).token)).status).toBe(403);
    });
  });
});
