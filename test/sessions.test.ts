import { type Body, startApp, type TestApp } from './app.js';

const DETAILS = ['file-changes', 'commands-run', 'infrastructure-changes', 'deployments', 'database-changes'];

describe('sessions', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const post = (path: string, body: Body, token?: string) => t.http('POST', `/api/${path}`, { body, token });
  const patch = (path: string, body: Body, token?: string) =>
    t.http('PATCH', `/api/${path}`, { body, token });
  const close = (id: string, body: Body = {}, token?: string) =>
    t.http('POST', `/api/sessions/${id}/close`, { body, token });
  const session = async (given: Body = {}) => (await t.make('sessions', given)).id;
  const item = async (session_id: string, given: Body = {}) =>
    (await t.make('work-items', { session_id, ...given })).id;
  const detail = async (path: string, session_id: string, given: Body = {}) =>
    (await t.make(path, { session_id, ...given })).id;
  const timeline = async (id: string, query: Record<string, string | number> = {}) =>
    (await t.http('GET', `/api/sessions/${id}/timeline`, { query })).body;
  const only = (...client_ids: string[]) =>
    t.user({ client_access: 'only', client_ids, scopes: ['msp:read', 'msp:write'] });

  test('begin now unless they say when, on the day that it is at the client', async () => {
    const begun = await t.make('sessions');
    expect(begun).toMatchObject({
      user_id: t.admin.id,
      ended_at: null,
      duration_minutes: null,
      status: 'in_progress',
    });
    expect(Date.now() - Date.parse(begun.started_at as string)).toBeLessThan(60_000);
    const dayOf = async (timezone: string | null, started_at: string) => {
      const client_id = (await t.make('clients', { timezone })).id;
      return (await t.make('sessions', { client_id, started_at })).session_date;
    };
    expect(await dayOf('Pacific/Auckland', '2026-01-31T12:30:00Z')).toBe('2026-02-01');
    expect(await dayOf('America/Los_Angeles', '2026-02-01T03:00:00+01:00')).toBe('2026-01-31');
    expect(await dayOf(null, '2026-01-31T23:59:59.999Z')).toBe('2026-01-31');
    expect((await t.make('sessions', { session_date: '2024-02-29' })).started_at).toBeNull();
  });

  test('last from their start to their end, and never less than nothing', async () => {
    const times = { started_at: '2026-01-31T08:00:00+01:00', ended_at: '2026-01-31T08:29:30Z' };
    const { id, duration_minutes } = await t.make('sessions', times);
    expect(duration_minutes).toBe(90);
    expect((await patch(`sessions/${id}`, { ended_at: null })).body.duration_minutes).toBeNull();
    for (const ended_at of ['2026-01-31T06:59:59Z', '2027-03-01T00:00:00Z', '9999-12-30T00:00:00Z']) {
      const answer = await patch(`sessions/${id}`, { ended_at });
      expect([answer.status, answer.body.details.field]).toEqual([422, 'ended_at']);
      expect((await close(id, { ended_at })).status).toBe(422);
    }
    expect((await patch(`sessions/${id}`, { duration_minutes: 5 })).status).toBe(422);
  });

  test('belong to who works, unless an administrator names another', async () => {
    const client_id = await t.client();
    const tech = await only(client_id);
    const own = (await post('sessions', { title: 'x', client_id }, tech.token)).body;
    expect(own.user_id).toBe(tech.id);
    const named = { title: 'x', client_id, user_id: t.admin.id };
    expect((await post('sessions', named, tech.token)).status).toBe(403);
    expect((await patch(`sessions/${own.id}`, { user_id: t.admin.id }, tech.token)).status).toBe(403);
    expect((await patch(`sessions/${own.id}`, { user_id: t.admin.id })).status).toBe(200);
    expect((await patch(`sessions/${own.id}`, { title: 'y' }, tech.token)).status).toBe(200);
    expect((await t.make('sessions', { user_id: tech.id })).user_id).toBe(tech.id);
  });

  test('without a client are seen by who worked, with all that hangs on them, and by nobody else who sees some', async () => {
    const [tech, other] = [await only(await t.client()), await only(await t.client())];
    const { id } = (await post('sessions', { title: 'Own lab' }, tech.token)).body;
    const body = await t.body('work-items', { session_id: id });
    const made = (await post('work-items', body, tech.token)).body;
    const get = (path: string, token: string) => t.http('GET', `/api/${path}`, { token });
    for (const path of [`sessions/${id}`, `work-items/${made.id}`, `sessions/${id}/timeline`]) {
      expect((await get(path, tech.token)).status).toBe(200);
      expect((await get(path, other.token)).status).toBe(404);
    }
    expect((await get('work-items', other.token)).body.total).toBe(0);
    expect((await post('work-items', body, other.token)).body.details.field).toBe('session_id');
  });

  test('a machine tells the newest of its sessions that the caller sees', async () => {
    const machine_id = (await t.make('machines')).id;
    const [mine, theirs] = [await t.client(), (await t.make('clients')).id];
    const older = await session({ machine_id, client_id: mine });
    const newer = await session({ machine_id, client_id: theirs });
    const last = async (token?: string) =>
      (await t.http('GET', '/api/machines', { query: { id: machine_id }, token })).body.items[0]
        ?.last_session_id;
    const { token } = await t.user({ client_access: 'except', client_ids: [theirs] });
    expect([await last(), await last(token)]).toEqual([newer, older]);
    await t.http('DELETE', `/api/sessions/${newer}`);
    expect(await last()).toBe(older);
    expect((await t.make('machines')).last_session_id).toBeNull();
  });

  test('are closed once, with or without words, however many do it at once', async () => {
    const id = await session({ started_at: '2026-01-31T08:00:00Z', summary: 'Before' });
    const closing = { ended_at: '2026-01-31T09:15:00Z', status: 'blocked' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => close(id, closing)));
    expect(answers.map(one => one.status).sort()).toEqual([200, ...Array<number>(19).fill(409)]);
    const closed = (await t.http('GET', `/api/sessions/${id}`)).body;
    expect(closed).toMatchObject({
      ...closing,
      ended_at: '2026-01-31T09:15:00.000Z',
      duration_minutes: 75,
      summary: 'Before',
      version: 2,
    });
    const other = await session();
    expect((await close(other, { status: 'in_progress' })).status).toBe(422);
    // Every field may be absent; so may the body.
    expect((await t.http('POST', `/api/sessions/${await session()}/close`)).body.status).toBe('completed');
    expect((await close(other, { summary: 'Done' })).body).toMatchObject({
      status: 'completed',
      summary: 'Done',
    });
    const stranger = await only((await t.make('clients')).id);
    expect((await close(other, {}, stranger.token)).status).toBe(404);
    expect((await close(other, {}, (await t.user({ scopes: ['msp:read'] })).token)).status).toBe(403);
  });

  test.each([
    ['work-items', 'item_order'],
    ['commands-run', 'execution_order'],
  ])('%s have numbers in order, also when 20 come at once', async (path, field) => {
    const session_id = await session();
    const body = await t.body(path, { session_id });
    await post(path, { ...body, [field]: 3 });
    const made = await Promise.all(Array.from({ length: 20 }, () => post(path, body)));
    const numbers = made.map(one => Number(one.body[field])).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, n) => n + 4));
    const bulk = await post(`${path}/bulk`, { items: [body, body] });
    expect(bulk.status).toBe(200);
    const list = await t.http('GET', `/api/${path}/by-session/${session_id}`, {
      query: { sort: `-${field}`, limit: 1 },
    });
    expect(list.body.items[0]?.[field]).toBe(25);
    const moved = await patch(`${path}/${list.body.items[0]?.id}`, { session_id: await session() });
    expect([moved.status, moved.body[field]]).toEqual([200, 1]);
    expect((await post(path, { ...body, [field]: 2_147_483_647 })).status).toBe(201);
    expect((await post(path, body)).body.details.field).toBe(field);
  });

  test('a work item is completed when its status says so', async () => {
    const { id, completed_at } = await t.make('work-items', { completed_at: '2026-01-31T10:00:00Z' });
    expect(completed_at).toBe('2026-01-31T10:00:00.000Z');
    expect((await patch(`work-items/${id}`, { status: 'pending' })).body.completed_at).toBeNull();
    expect((await patch(`work-items/${id}`, { status: 'completed' })).body.completed_at).toMatch(/Z$/);
  });

  test.each(DETAILS)('%s are for a work item of their own session', async path => {
    const [here, there] = [await session(), await session()];
    const [own, foreign] = [await item(here), await item(there)];
    const refused = await post(path, {
      ...(await t.body(path, { session_id: here })),
      work_item_id: foreign,
    });
    expect([refused.status, refused.body.details.field]).toEqual([422, 'work_item_id']);
    const id = await detail(path, here, { work_item_id: own });
    expect((await patch(`${path}/${id}`, { session_id: there })).body.details.field).toBe('work_item_id');
    expect((await patch(`work-items/${own}`, { session_id: there })).body.details.field).toBe('session_id');
    const both = await patch(`${path}/${id}`, { session_id: there, work_item_id: foreign });
    expect([both.status, both.body.session_id]).toEqual([200, there]);
    expect((await t.http('DELETE', `/api/work-items/${foreign}`)).status).toBe(204);
    expect((await t.http('GET', `/api/${path}/${id}`)).status).toBe(404);
  });

  test('no work item leaves its session while something is entered for it', async () => {
    for (let round = 0; round < 5; round++) {
      const [here, there] = [await session(), await session()];
      const own = await item(here);
      const body = await t.body('file-changes', { session_id: here, work_item_id: own });
      const answers = await Promise.all([
        post('file-changes', body),
        patch(`work-items/${own}`, { session_id: there }),
      ]);
      expect(answers.map(one => one.status >= 400)).toContain(true);
    }
  });

  test('what a session has follows it to another client, what comes meanwhile too', async () => {
    const [from, to] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const id = await session({ client_id: from });
    const work = await item(id);
    for (const path of DETAILS) await detail(path, id, { work_item_id: work });
    const before = await only(from);
    const bodies = await Promise.all(DETAILS.map(path => t.body(path, { session_id: id })));
    const answers = await Promise.all([
      ...DETAILS.map((path, n) => post(path, bodies[n] ?? {})),
      patch(`sessions/${id}`, { client_id: to }),
      ...DETAILS.map((path, n) => post(path, bodies[n] ?? {})),
    ]);
    expect(answers.map(one => one.status).sort()).toEqual([
      200,
      ...Array<number>(2 * DETAILS.length).fill(201),
    ]);
    for (const path of [...DETAILS, 'work-items']) {
      const query = { session_id: id };
      const all = (await t.http('GET', `/api/${path}`, { query })).body.items;
      expect([path, new Set(all.map(one => one.client_id))]).toEqual([path, new Set([to])]);
      expect((await t.http('GET', `/api/${path}`, { query, token: before.token })).body.items).toEqual([]);
    }
    const machine = (await t.make('infrastructure', { client_id: to })).id;
    await detail('deployments', id, { infrastructure_id: machine });
    const back = await patch(`sessions/${id}`, { client_id: from });
    expect([back.status, back.body.details.field]).toEqual([422, 'infrastructure_id']);
  });

  test('secrets in commands and statements are masked before they are stored', async () => {
    const session_id = await session();
    const command_text = 'mysql -u root -pCANARY-4711x app';
    const output_summary = 'export API_KEY=CANARYq8Zr2Lk9Vt3Xw7';
    const { id } = await t.make('commands-run', { session_id, command_text, output_summary });
    await patch(`commands-run/${id}`, { failure_reason: 'curl -u admin:CANARY-5abc https://x.test refused' });
    const sql_executed = "ALTER USER app IDENTIFIED BY 'CANARY-9xyz'";
    const change = await t.make('database-changes', { session_id, sql_executed, notes: 'password=CANARY-n' });
    const rollback_procedure = 'sshpass -p CANARY-r ssh host';
    const state = { before_state: 'secret: CANARY-s', after_state: 'secret: CANARY-t', rollback_procedure };
    const [rewired, shipped] = [
      await t.make('infrastructure-changes', { session_id, ...state }),
      await t.make('deployments', { session_id, rollback_procedure, notes: 'token=CANARY-u1' }),
    ];
    const text = JSON.stringify([
      (await t.http('GET', `/api/commands-run/${id}`)).body,
      (await t.http('GET', `/api/database-changes/${change.id}`)).body,
      rewired,
      shipped,
      await t.sql('SELECT * FROM infrastructure_changes'),
      await t.sql('SELECT * FROM deployments'),
      await t.sql('SELECT * FROM commands_run'),
      await t.sql('SELECT * FROM database_changes'),
      await t.sql(
        "SELECT changes, details FROM journal WHERE action LIKE 'command_run%' OR action LIKE '%_change.%' OR action LIKE 'deployment%'",
      ),
    ]);
    expect(text.match(/\[redacted:/g)?.length).toBeGreaterThan(10);
    expect(text).not.toMatch(/CANARY-|CANARYq/);
  });

  test('the timeline has all of it in the order of time, page by page', async () => {
    const id = await session();
    const done = await item(id, { completed_at: '2026-01-05T00:00:00Z' });
    const run = await detail('commands-run', id, { executed_at: '2026-01-02T00:00:00Z' });
    const deployed = await detail('deployments', id, { deployed_at: '2026-01-02T00:00:00Z' });
    const entered = [];
    for (const path of ['file-changes', 'infrastructure-changes', 'database-changes'])
      entered.push(await detail(path, id));
    await detail('commands-run', await session(), { executed_at: '2026-01-03T00:00:00Z' });
    const client_id = (await t.http('GET', `/api/sessions/${id}`)).body.client_id;
    entered.push((await t.make('ticket-links', { session_id: id, client_id })).id);
    entered.push((await t.make('billable-time', { session_id: id, client_id })).id);
    expect((await t.http('POST', `/api/sessions/${id}/close`)).status).toBe(200);
    entered.push(id);
    const all = await timeline(id);
    expect(all.items.map(one => (one.row as Body).id)).toEqual([run, deployed, done, ...entered]);
    expect(all.items.map(one => one.kind)).toEqual([
      'command_run',
      'deployment',
      'work_item',
      'file_change',
      'infrastructure_change',
      'database_change',
      'ticket_link',
      'billable_time',
      'session',
    ]);
    expect([all.next, all.items[2]?.at]).toEqual([null, '2026-01-05T00:00:00.000Z']);
    const seen: unknown[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await timeline(id, { limit: 1, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items);
      cursor = page.next as string | null;
    }
    expect(seen).toEqual(all.items);
    const stranger = await only((await t.make('clients')).id);
    expect((await t.http('GET', `/api/sessions/${id}/timeline`, { token: stranger.token })).status).toBe(404);
    for (const query of ['limit=0', 'limit=501', 'cursor=', 'cursor=W10', 'cursor=a&cursor=b'])
      expect((await t.http('GET', `/api/sessions/${id}/timeline?${query}`)).status).toBe(422);
  });
});
