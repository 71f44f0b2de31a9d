import { allResources } from '../src/core/resource/resource.js';
import { signatureOf } from '../src/memory/failure-patterns/failure-signature.js';
import { UsageCounter } from '../src/memory/recurring/usage-counter.service.js';
import { type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
let client: string;
let other: string;
/** Sees the first client alone. */
let only: string;
beforeAll(async () => {
  t = await startApp();
  client = await t.client();
  other = (await t.make('clients')).id;
  only = (await t.user({ client_access: 'only', client_ids: [client] })).token;
});
afterAll(() => t.close());

const post = async (path: string, given: Body, token?: string) =>
  t.http('POST', `/api/${path}`, { body: await t.body(path, given), token });
const get = (path: string, query: Record<string, string> = {}, token?: string) =>
  t.http('GET', `/api/${path}`, { query, token });
const atOnce = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

describe('the same content again', () => {
  it('is the row of its project that is there, also when it comes fifty times at once', async () => {
    const project_id = (await t.make('projects', { client_id: client })).id;
    const given = { project_id, client_id: null, content: 'DNS is at the registrar' };
    const answers = await atOnce(50, () => post('context-snippets', given));
    expect(new Set(answers.map(one => one.body.id)).size).toBe(1);
    const { body } = await get(`context-snippets/${answers[0]?.body.id}`);
    expect(body).toMatchObject({
      version: 50,
      last_seen_at: expect.any(String) as string,
      client_id: client,
    });
    const elsewhere = await post('context-snippets', { ...given, project_id: null, client_id: other });
    expect(elsewhere.body.id).not.toBe(body.id);
  });

  it('tells nothing of a row that its writer does not see', async () => {
    const given = { client_id: null, title: 'Same', dense_summary: 'Same' };
    const hidden = await post('conversation-contexts', given);
    const mine = await post('conversation-contexts', given, only);
    expect([mine.status, mine.body.id === hidden.body.id]).toEqual([201, false]);
    expect((await get(`conversation-contexts/${mine.body.id}`, {}, only)).status).toBe(200);
    expect((await get(`conversation-contexts/${hidden.body.id}`, {}, only)).status).toBe(404);
  });

  it('refuses an update to it', async () => {
    const first = await t.make('context-snippets', { content: 'taken' });
    const second = await t.make('context-snippets');
    const answer = await t.http('PATCH', `/api/context-snippets/${second.id}`, {
      body: { content: 'taken' },
    });
    expect([answer.status, answer.body.details.resource_id]).toEqual([409, first.id]);
  });

  it('is known where its row has followed another one to, and no more where that was', async () => {
    const clients = [(await t.make('clients')).id, (await t.make('clients')).id];
    const session = await t.make('sessions', { client_id: clients[0] });
    const text = { title: 'Moved', dense_summary: 'Along with its session' };
    const context = await post('conversation-contexts', { ...text, client_id: null, session_id: session.id });
    await t.http('PATCH', `/api/sessions/${session.id}`, { body: { client_id: clients[1] } });
    const [there, here] = [clients[1], clients[0]].map(client_id =>
      post('conversation-contexts', { ...text, client_id }),
    );
    expect((await there)?.body.id).toBe(context.body.id);
    expect((await here)?.body.id).not.toBe(context.body.id);
  });

  it('that is there already where a row goes leaves both, which can be written', async () => {
    const clients = [(await t.make('clients')).id, (await t.make('clients')).id];
    const session = await t.make('sessions', { client_id: clients[0] });
    const text = { title: 'Both', dense_summary: 'Are here' };
    const there = await post('conversation-contexts', { ...text, client_id: clients[1] });
    const { body } = await post('conversation-contexts', { ...text, client_id: clients[0], session_id: session.id });
    expect((await t.http('PATCH', `/api/sessions/${session.id}`, { body: { client_id: clients[1] } })).status).toBe(200);
    const again = await post('conversation-contexts', { ...text, client_id: clients[1] });
    expect([again.body.id, body.id === again.body.id]).toEqual([there.body.id, false]);
    const changed = await t.http('PATCH', `/api/conversation-contexts/${body.id}`, { body: { context_type: 'session_summary' } });
    expect(changed.status).toBe(200);
  }); // prettier-ignore

  it('in a bulk is stored once, whether it was there or comes twice in it', async () => {
    const said = (n: number) => t.body('conversation-turns', { session_key: 'bulk', sequence: n });
    const first = await t.http('POST', '/api/conversation-turns', { body: await said(3) });
    const items = await Promise.all([1, 2, 3, 2, 4].map(said));
    const { body } = await t.http('POST', '/api/conversation-turns/bulk', { body: { items } });
    const ids = body.results.map(one => one.id);
    expect(ids[3]).toBe(ids[1]);
    expect(ids[2]).toBe(first.body.id);
    expect(new Set(ids).size).toBe(4);
    expect(await t.sql("SELECT id FROM conversation_turns WHERE session_key = 'bulk'")).toHaveLength(4);
  });

  it('in several bulks at once is stored once', async () => {
    const items = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        t.body('conversation-turns', { session_key: 'at once', sequence: n }),
      ),
    );
    const answers = await atOnce(4, () =>
      t.http('POST', '/api/conversation-turns/bulk', { body: { items } }),
    );
    const ids = answers.map(one => one.body.results.map(({ id }) => id));
    expect(ids).toEqual(Array(4).fill(ids[0]));
    expect(await t.sql("SELECT id FROM conversation_turns WHERE session_key = 'at once'")).toHaveLength(20);
  });

  it('of a turn is told apart by where it stands', async () => {
    const turn = { session_key: 'one', text: 'yes', sequence: 1 };
    const ids = [turn, turn, { ...turn, sequence: 2 }].map(one => post('conversation-turns', one));
    const [first, again, next] = (await Promise.all(ids)).map(one => one.body.id);
    expect([again === first, next === first]).toEqual([true, false]);
  });
});

it('counts what is read alone, without a new version', async () => {
  const { id } = await t.make('context-snippets');
  for (let n = 0; n < 3; n++) await get(`context-snippets/${id}`);
  await t.app.get(UsageCounter).flush();
  expect((await get(`context-snippets/${id}`)).body).toMatchObject({ version: 1, usage_count: 4 });
  const [listed] = (await get('context-snippets', { id })).body.items;
  expect(listed).toMatchObject({ usage_count: 4, last_used_at: expect.any(String) as string });
  await t.app.get(UsageCounter).flush();
  expect(await t.sql('SELECT usage_count FROM memory_usage WHERE id = ?', [id])).toEqual([
    { usage_count: 4 },
  ]);
  await t.http('DELETE', `/api/context-snippets/${id}`);
  expect(await t.sql('SELECT id FROM memory_usage WHERE id = ?', [id])).toEqual([]);
});

it('belongs to the client of what it refers to, and moves along', async () => {
  const project = await t.make('projects', { client_id: null });
  const given = { client_id: null, project_id: project.id };
  const context = await t.make('conversation-contexts', given);
  const failure = await t.make('operation-failures', {
    client_id: null,
    session_id: (await t.make('sessions', { client_id: null, project_id: project.id })).id,
  });
  expect([context.client_id, failure.client_id]).toEqual([null, null]);
  await t.http('PATCH', `/api/sessions/${failure.session_id}`, { body: { project_id: null } });
  for (const [path, id] of [['projects', project.id], ['sessions', failure.session_id]] as const)
    expect((await t.http('PATCH', `/api/${path}/${id}`, { body: { client_id: client } })).status).toBe(200);
  expect((await get(`conversation-contexts/${context.id}`)).body.client_id).toBe(client);
  expect((await get(`operation-failures/${failure.id}`)).body).toMatchObject({
    client_id: client,
    pattern_id: null,
  });
  const refused = await post('decision-logs', { project_id: project.id, client_id: other });
  expect(refused.body.details.errors).toMatchObject([{ field: 'project_id', rule: 'client' }]);
}); // prettier-ignore

it('holds no secret, in no field, nor does the trail', async () => {
  const secret = 'CANARYq8W2zR5t';
  for (const { path, fields, redacts } of allResources().filter(one => one.redacts)) {
    const body = await t.body(path);
    for (const { name, column, reference, choices, readOnly, api } of fields) {
      if (reference || choices || readOnly || (redacts !== true && !redacts?.includes(name))) continue;
      const text = `login --password=${secret} failed`;
      if ((api as { format?: string }).format === 'uri') body[name] = `https://login:${secret}@host.example/`;
      else if (column.kind === 'text' || column.kind === 'long') body[name] = text;
      else if (column.kind === 'json')
        body[name] = api.type === 'array' ? [text] : { inner: { token: secret }, text };
    }
    const { status, text } = await t.http('POST', `/api/${path}`, { body });
    expect({ path, status, text }).toEqual({
      path,
      status: 201,
      text: expect.stringContaining('[redacted:') as string,
    });
    expect(text).not.toContain(secret);
  }
  const trail = await t.sql<{ changes: string }>('SELECT changes FROM journal WHERE changes IS NOT NULL');
  expect(trail.filter(one => one.changes.includes(secret))).toEqual([]);
});

describe('the state of a project', () => {
  it('is made once and then changed, with its history', async () => {
    const { id } = await t.make('projects', { client_id: client });
    const url = `/api/project-states/by-project/${id}`;
    expect((await t.http('GET', url)).status).toBe(404);
    const first = await atOnce(5, n => t.http('PUT', url, { body: { phase: `phase ${n}` } }));
    expect(first.map(one => one.status).sort()).toEqual([200, 200, 200, 200, 201]);
    const stale = await t.http('PUT', url, { body: { phase: 'x' }, headers: { 'if-match': '"1"' } });
    expect(stale.status).toBe(412);
    for (let n = 0; n < 20; n++) await t.http('PUT', url, { body: { progress_percent: n } });
    const state = (await t.http('GET', url)).body;
    expect(state).toMatchObject({ version: 25, progress_percent: 19, client_id: client });
    const { body } = await get(`project-states/${state.id}/history`);
    expect(body.items[0]).toMatchObject({ version: 24, state: { progress_percent: 18, version: 24 } });
    const rest = await get(`project-states/${state.id}/history`, { before: String(body.next) });
    expect([body.items.length, rest.body.items.length, rest.body.next]).toEqual([20, 4, null]);
    expect((await t.http('PUT', `/api/project-states/by-project/${id}`, { body: {}, token: only })).status).toBe(200);
    const hidden = (await t.make('projects', { client_id: other })).id;
    for (const method of ['GET', 'PUT'])
      expect((await t.http(method, url.replace(id, hidden), { token: only, body: method === 'PUT' ? {} : undefined })).status).toBe(404);
  });
}); // prettier-ignore

it('the history of a state is whole, also when it follows its project or its session goes', async () => {
  const project = await t.make('projects', { client_id: client });
  const session = await t.make('sessions', { client_id: client, project_id: project.id });
  const state = await t.make('project-states', { project_id: project.id, last_session_id: session.id });
  const versions = async () => (await get(`project-states/${state.id}/history`)).body.items.map(one => one.version);
  await t.http('DELETE', `/api/sessions/${session.id}`);
  expect(await versions()).toEqual([1]);
  expect((await t.http('PATCH', `/api/projects/${project.id}`, { body: { client_id: other } })).status).toBe(200);
  expect(await versions()).toEqual([2, 1]);
  expect((await get(`project-states/${state.id}`)).body).toMatchObject({ version: 3, client_id: other });
  expect((await t.http('DELETE', `/api/projects/${project.id}`)).status).toBe(204);
}); // prettier-ignore

it('a decision supersedes another one, and never itself', async () => {
  const old = await t.make('decision-logs', { impact: 'critical' });
  const newer = await t.make('decision-logs', { supersedes_id: old.id });
  expect((await get(`decision-logs/${old.id}`)).body.status).toBe('superseded');
  const circle = await t.http('PATCH', `/api/decision-logs/${old.id}`, { body: { supersedes_id: newer.id } });
  expect(circle.status).toBe(409);
  expect((await get('decision-logs/by-impact/critical')).body.items.map(one => one.id)).toEqual([old.id]);
  expect((await get('decision-logs/by-impact/huge')).status).toBe(422);
});

describe('failures', () => {
  const failed = (error_message: string, given: Body = {}) =>
    post('operation-failures', { error_message, ...given });
  const patterns = async (client_id: string) => (await get('failure-patterns', { client_id })).body.items;

  it('count exactly in one pattern, fifty at once', async () => {
    const { id } = await t.make('clients');
    const answers = await atOnce(50, n => failed(`connect 10.0.0.${n}:44${n} timed out`, { client_id: id }));
    expect(answers.map(one => one.status)).toEqual(Array(50).fill(201));
    const items = await patterns(id);
    expect(items).toMatchObject([
      {
        pattern_signature: 'connect <ip>:<n> timed out',
        occurrence_count: 50,
        id: answers[0]?.body.pattern_id,
      },
    ]);
  });

  it('of two clients are two patterns: the text of an error may tell of the client', async () => {
    await failed('No route to mail.secret-client.example', { client_id: other });
    await failed('No route to mail.secret-client.example', { client_id: client });
    for (const one of [client, other])
      expect((await patterns(one)).map(row => row.occurrence_count)).toContain(1);
    const seen = await get('failure-patterns', { limit: '1000' }, only);
    expect(new Set(seen.body.items.map(one => one.client_id))).toEqual(new Set([client]));
  });

  it('have the same signature whatever differs each time', () => {
    const one =
      'Error 42 at 2026-01-31T08:00:00Z: 01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11 of bob@x.example is 0xFF';
    expect(signatureOf(one)).toBe('error <n> at <time>: <id> of <email> is <hex>');
    expect(signatureOf(signatureOf(one))).toBe(signatureOf(one));
    expect(signatureOf('a'.repeat(1_000_000))).toHaveLength(500);
    expect(signatureOf(' \n')).toBe('<empty>');
  });
});

describe('solutions', () => {
  const match = async (error: string, token?: string) => (await get('problem-solutions/match', { error }, token)).body.items;

  it('are found by the error, the most alike first, and only those that one sees', async () => {
    const same = await t.make('problem-solutions', { error_text: 'SMTP 421 4.7.0 greylisted by mx1.example' });
    const alike = await t.make('problem-solutions', { title: 'SMTP greylisted', problem: 'Mail comes late' });
    const hidden = await t.make('problem-solutions', { client_id: other, error_text: 'SMTP 421 4.7.0 greylisted by mx1.example' });
    await t.make('problem-solutions', { title: 'Printer jams' });
    const found = await match('smtp 550 4.1.0 greylisted by mx1.example');
    const ids = found.map(one => (one.solution as Body).id);
    expect(new Set(ids.slice(0, 2))).toEqual(new Set([same.id, hidden.id]));
    expect(found[0]?.score).toBe(1);
    expect(ids[2]).toBe(alike.id);
    expect((await match('smtp 550 4.1.0 greylisted by mx1.example', only)).map(one => (one.solution as Body).id)).not.toContain(hidden.id);
    expect(await match('%_ no such words')).toEqual([]);
    expect((await get('problem-solutions/match')).status).toBe(422);
  });

  it('follow a change of the text', async () => {
    const { id } = await t.make('problem-solutions', { error_text: 'zebra quagga okapi' });
    await t.http('PATCH', `/api/problem-solutions/${id}`, { body: { error_text: 'narwhal beluga orca' } });
    expect(await match('zebra quagga okapi')).toEqual([]);
    expect(await match('narwhal beluga orca')).toMatchObject([{ score: 1, solution: { id } }]);
  });
}); // prettier-ignore

it('insights of a machine are its own and those of all of its client, the most important first', async () => {
  const client_id = (await t.make('clients')).id;
  const machine = await t.make('infrastructure', { client_id });
  const own = await t.make('environmental-insights', {
    client_id,
    infrastructure_id: machine.id,
    priority: 3,
  });
  const all = await t.make('environmental-insights', { client_id, priority: 9 });
  await t.make('environmental-insights', { client_id: other });
  const { body } = await get(`environmental-insights/for/${machine.id}`);
  expect(body.items.map(one => one.id)).toEqual([all.id, own.id]);
  expect((await get(`environmental-insights/for/${machine.id}`, {}, only)).status).toBe(404);
});

it('snippets by tags and by relevance', async () => {
  const best = await t.make('context-snippets', { relevance_score: '9.75', tags: ['vpn'] });
  const [top] = (await get('context-snippets/top-relevant')).body.items;
  expect(top?.id).toBe(best.id);
  expect((await get('context-snippets/by-tags', { tags: 'vpn' })).body.items.map(one => one.id)).toEqual([
    best.id,
  ]);
  expect((await get('context-snippets/by-tags')).status).toBe(422);
  expect((await post('context-snippets', { relevance_score: '10.01' })).status).toBe(422);
});
