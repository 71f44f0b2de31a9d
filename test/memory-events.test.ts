import { type Answer, startApp, type TestApp } from './app.js';

type Event = Record<string, unknown>;
interface Results {
  results: {
    key: string | null;
    status: string;
    resource?: string;
    id?: string;
    project_id?: string;
    error?: { error: string; code: string; details: { errors: { field: string; rule: string }[] } };
  }[];
  stored: number;
  repeated: number;
  refused: number;
}

let t: TestApp;
let count = 0;

beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const PROJECT = { name: 'tool', remote: 'git@git.example.com:msp/tool.git' };

const event = (given: Event = {}): Event => ({
  key: `key-${++count}`,
  kind: 'turn',
  at: '2026-03-02T10:00:00Z',
  session_key: 'session-1',
  project: PROJECT,
  source: 'hook',
  speaker: 'user',
  text: 'The scanner sends to the wrong share',
  ...given,
});
const post = (events: unknown[], token?: string) =>
  t.http('POST', '/api/memory/events', { body: { events }, token });
const take = async (events: unknown[], token?: string): Promise<Results> => {
  const { status, body } = await post(events, token);
  expect([status, status === 200 ? '' : body]).toEqual([200, '']);
  return body as unknown as Results;
};
const recall = async (query: string, more: Record<string, string> = {}, token?: string) =>
  (await t.http('GET', '/api/conversation-contexts/recall', { query: { query, ...more }, token })).body;
const index = async (query: Record<string, string>, token?: string) =>
  (await t.http('GET', '/api/memory/index', { query, token })).body as unknown as {
    project_id: string | null;
    markdown: string;
    tokens: number;
  };
const turnsOf = async (project_id: string) =>
  (await t.http('GET', `/api/conversation-turns/by-project/${project_id}`)).body.items;

it('recalls elsewhere what was saved here', async () => {
  const saved = await take([
    event({ text: 'Why does the scanner of Acme send to the wrong share?', sequence: 1 }),
    event({
      kind: 'stop',
      at: '2026-03-02T10:05:00Z',
      text: 'The scanner scan-07 used the share of the old file server; its profile points to fs-02 now.',
      git: { branch: 'main', commit: 'abc1234', changed_files: ['profiles/scan-07.json'] },
    }),
  ]);
  expect(saved).toMatchObject({ stored: 2, repeated: 0, refused: 0 });
  const [project_id] = saved.results.map(one => one.project_id);
  const found = await recall('which share does scan-07 use?', {
    project_remote: 'https://git.example.com/msp/tool',
  });
  expect(found.items[0]?.text).toContain('fs-02');
  expect(found.items[0]?.project_id).toBe(project_id);
  const { items } = (await t.http('GET', `/api/conversation-contexts/by-project/${project_id}`)).body;
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    context_type: 'session_summary',
    session_key: 'session-1',
    source: 'hook',
    metadata: { git_branch: 'main', git_commit: 'abc1234', files_changed: ['profiles/scan-07.json'] },
  });
  const told = await index({ remote: 'ssh://git@git.example.com:22/msp/tool.git', name: 'whatever' });
  expect(told.project_id).toBe(project_id);
  expect(told.markdown).toContain('scan-07');
  expect(told.tokens).toBeLessThanOrEqual(1000);
  const known = { project_remote: PROJECT.remote, exclude_ids: found.items.map(({ id }) => id).join(',') };
  expect((await recall('which share does scan-07 use?', known)).items).toEqual([]);
  expect((await recall('scan-07', { project_remote: 'git@git.example.com:msp/other.git' })).items).toEqual(
    [],
  );
});

it('knows nothing of a project that is not there, and registers none for a question', async () => {
  expect(await index({ name: 'nowhere' })).toEqual({ project_id: null, markdown: '', tokens: 0 });
  expect(await index({})).toEqual({ project_id: null, markdown: '', tokens: 0 });
  expect((await recall('scan-07', { project_name: 'nowhere' })).items).toEqual([]);
  expect(await t.sql('SELECT id FROM projects WHERE name = ?', ['nowhere'])).toEqual([]);
});

it('takes a key once', async () => {
  const events = Array.from({ length: 10 }, (_, n) =>
    event({ text: `Turn ${n}`, sequence: n, session_key: 'once', project: { name: 'once' } }),
  );
  const all = await Promise.all(Array.from({ length: 20 }, () => take(events)));
  const total = (name: 'stored' | 'repeated' | 'refused') =>
    all.map(one => one[name]).reduce((sum, one) => sum + one, 0);
  expect([total('stored'), total('repeated'), total('refused')]).toEqual([10, 190, 0]);
  const ids = new Set(all.map(one => JSON.stringify(one.results.map(({ id }) => id))));
  expect(ids.size).toBe(1);
  expect(await turnsOf(all[0]?.results[0]?.project_id ?? '')).toHaveLength(10);
}, 60_000);

it('changes nothing where a key comes again with another text, and leaves what was deleted deleted', async () => {
  const first = event({ text: 'The first text', session_key: 'again', project: { name: 'again' } });
  const [stored] = (await take([first, { ...first, text: 'The second text' }])).results;
  const again = await take([{ ...first, text: 'The third text' }]);
  expect(again).toMatchObject({ stored: 0, repeated: 1 });
  expect(again.results[0]).toEqual({ ...stored, status: 'repeated' });
  expect((await turnsOf(stored?.project_id ?? '')).map(({ text }) => text)).toEqual(['The first text']);
  await t.http('DELETE', `/api/conversation-turns/${stored?.id}`);
  expect(await take([first])).toMatchObject({ stored: 0, repeated: 1 });
  expect(await turnsOf(stored?.project_id ?? '')).toEqual([]);
});

it('has keys of each user apart', async () => {
  const other = await t.user();
  const one = event({ text: 'Said by two', session_key: 'apart', project: { name: 'apart' } });
  expect(await take([one])).toMatchObject({ stored: 1 });
  expect(await take([one], other.token)).toMatchObject({ stored: 1, repeated: 0 });
});

it('registers a project once for each user, however often it comes', async () => {
  const users = await Promise.all(Array.from({ length: 5 }, () => t.user()));
  const spellings = [
    'git@git.example.com:msp/fifty.git',
    'https://token-CANARY@git.example.com/msp/fifty',
    'ssh://git@git.example.com:2222/msp/fifty.git',
  ];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      take(
        [
          event({
            text: `From ${n}`,
            session_key: `s${n}`,
            project: { name: 'fifty', remote: spellings[n % 3] },
          }),
        ],
        users[n % 5]?.token,
      ),
    ),
  );
  // Nobody's project draws in what others say.
  expect(new Set(answers.map(one => one.results[0]?.project_id)).size).toBe(5);
  const rows = await t.sql<{ repository_url: string; user_id: string }>(
    'SELECT repository_url, user_id FROM projects WHERE repository_key = ?',
    ['git.example.com/msp/fifty'],
  );
  expect(rows.map(one => one.user_id).sort()).toEqual(users.map(one => one.id).sort());
  expect(rows[0]?.repository_url).not.toContain('CANARY');
}, 60_000);

it('refuses a bad event and no other', async () => {
  const events = Array.from({ length: 200 }, (_, n) =>
    event({ text: `Number ${n}`, sequence: n, session_key: 'bad', project: { name: 'bad' } }),
  );
  events[57] = event({ speaker: undefined, session_key: 'bad', project: { name: 'bad' } });
  events[58] = event({ project: undefined });
  events[59] = { key: 'no good', kind: 'gossip' };
  events[60] = event({ project: { name: 'bad', remote: 'https://user:CANARY-PW@git.example.com/msp/bad' } });
  const { results, ...counts } = await take(events);
  expect(counts).toEqual({ stored: 197, repeated: 0, refused: 3 });
  expect(results[57]).toMatchObject({
    key: events[57].key,
    status: 'refused',
    error: { code: 'validation' },
  });
  expect(results[57]?.error?.details.errors[0]?.field).toBe('speaker');
  expect(results[58]?.error?.details.errors[0]?.field).toBe('project');
  expect(results[59]?.key).toBeNull();
  const mended = await take([{ ...events[57], speaker: 'user' }]);
  expect(mended).toMatchObject({ stored: 1 });
  expect((await post([])).status).toBe(422);
  expect((await post(Array.from({ length: 201 }, () => event()))).status).toBe(422);
}, 60_000);

it('keeps one summary of a conversation, whatever comes late', async () => {
  const stop = (minute: number, text: string) =>
    event({
      kind: 'stop',
      at: `2026-03-03T09:0${minute}:00Z`,
      session_key: 'sum',
      project: { name: 'sum' },
      text,
    });
  const first = await take([
    stop(1, 'Looked at the mail queue of Contoso'),
    stop(3, 'Restarted the mail queue'),
  ]);
  const project_id = first.results[0]?.project_id ?? '';
  await take([stop(2, 'Read the log of the mail queue')]);
  const summaries = async () =>
    (await t.http('GET', `/api/conversation-contexts/by-project/${project_id}`)).body.items;
  expect(await summaries()).toHaveLength(1);
  expect((await summaries())[0]?.dense_summary).toContain('Restarted the mail queue');
  expect((await summaries())[0]?.occurred_at).toBe('2026-03-03T09:03:00.000Z');
  expect(await turnsOf(project_id)).toHaveLength(3);
});

it('neither tells of a project of another client, nor writes into it', async () => {
  const [acme, contoso] = [
    await t.make('clients', { name: 'Acme' }),
    await t.make('clients', { name: 'Contoso' }),
  ];
  const only = await t.user({ client_access: 'only', client_ids: [acme.id] });
  const remote = 'git@git.example.com:contoso/secret.git';
  const hidden = await t.make('projects', { client_id: contoso.id, name: 'Hidden', repository_url: remote });
  const place = { session_key: 'hidden', project: { name: 'hidden', remote } };
  expect(await index({ remote }, only.token)).toEqual({ project_id: null, markdown: '', tokens: 0 });
  const { results } = await take([event({ ...place, text: 'The tapes are in the cellar' })], only.token);
  const own = results[0]?.project_id ?? '';
  expect(own).not.toBe(hidden.id);
  expect(await turnsOf(hidden.id)).toEqual([]);
  const found = await recall('where are the tapes', { project_remote: remote }, only.token);
  expect(found.items.map(one => one.project_id)).toEqual([own]);
  // What an unknown remote gets is the same, and the second time it is known.
  const fresh = { session_key: 'fresh', project: { name: 'hidden', remote: `${remote}x` } };
  const answer = (await take([event({ ...fresh, text: 'The tapes are in the attic' })], only.token))
    .results[0];
  expect({ ...answer, key: '', id: '', project_id: '' }).toEqual({
    ...results[0],
    key: '',
    id: '',
    project_id: '',
  });
  const again = await take([event({ ...place, text: 'The tapes are labelled' })], only.token);
  expect(again.results[0]?.project_id).toBe(own);
  // Once it belongs to a client that he sees, all of them meet there who have none of their own.
  await t.http('PATCH', `/api/projects/${hidden.id}`, { body: { client_id: acme.id } });
  await t.http('PATCH', `/api/projects/${own}`, { body: { repository_url: null } });
  const moved = await take([event({ ...place, text: 'The tapes are gone' })], only.token);
  expect(moved.results[0]?.project_id).toBe(hidden.id);
});

it('is shared with the team by giving the project a client, in one step', async () => {
  const firm = await t.make('clients', { name: 'Our own firm' });
  const [first, second] = [await t.user(), await t.user({ client_access: 'only', client_ids: [firm.id] })];
  const remote = 'git@git.example.com:firm/shared.git';
  const place = { session_key: 'shared', project: { name: 'shared', remote } };
  await take(
    [event({ ...place, kind: 'stop', text: 'The tapes are in the vault of the bank' })],
    first.token,
  );
  const asked = ['where are the tapes', { project_remote: remote }, second.token] as const;
  expect((await recall(...asked)).items).toEqual([]);
  const { body } = await t.http('GET', '/api/projects/by-repository', {
    query: { url: remote },
    token: first.token,
  });
  const path = `/api/projects/${body.items[0]?.id}`;
  const { status } = await t.http('PATCH', path, { body: { client_id: firm.id }, token: first.token });
  expect(status).toBe(200);
  expect((await recall(...asked)).items.map(one => one.text)).toContain(
    'The tapes are in the vault of the bank',
  );
  expect((await index({ remote }, second.token)).markdown).toContain('vault of the bank');
  const mine = await take(
    [event({ ...place, session_key: 'second', text: 'The bank is closed' })],
    second.token,
  );
  expect(mine.results[0]?.project_id).toBe(body.items[0]?.id);
});

it('works with an access token that reaches the memory alone', async () => {
  const made = await t.http('POST', '/api/access-tokens', {
    body: { name: 'hook', scopes: ['msp:read', 'msp:write'], resources: ['memory'] },
  });
  const { token } = made.body as unknown as { token: string };
  const place = { session_key: 'token', project: { name: 'by-token' } };
  expect(await take([event({ ...place, text: 'The toner is in cabinet nine' })], token)).toMatchObject({
    stored: 1,
  });
  expect((await recall('where is the toner', { project_name: 'by-token' }, token)).items).toHaveLength(1);
  expect((await index({ name: 'by-token' }, token)).project_id).not.toBeNull();
  const statuses = async (...paths: string[]) => {
    const answers: Answer[] = [];
    for (const path of paths) answers.push(await t.http('GET', path, { token }));
    return answers.map(one => one.status);
  };
  expect(await statuses('/api/projects', '/api/clients', '/api/credentials', '/api/sessions')).toEqual([
    403, 403, 403, 403,
  ]);
  const reader = await t.http('POST', '/api/access-tokens', {
    body: { name: 'reader', scopes: ['msp:read'], resources: ['memory'] },
  });
  const refused = await post([event(place)], (reader.body as unknown as { token: string }).token);
  expect(refused.status).toBe(403);
});

it('keeps no secret, and nothing that was recalled', async () => {
  const secret = 'ghp_CANARY1234567890abcdefghijklmnopqrstuv';
  const text = `Use ${secret}\n<opskeep-recall>\nThe vault has three doors\n</opskeep-recall>\nafterwards`;
  const given = {
    session_key: `s ${secret}`,
    text,
    title: `About ${secret}`,
    tags: [secret],
    git: { branch: secret, changed_files: [`a/${secret}`] },
    project: { name: `p ${secret}`, path: `/home/${secret}` },
  };
  const { results } = await take(
    ['turn', 'tool', 'stop', 'compact', 'checkpoint', 'note'].map((kind, n) =>
      event({ ...given, kind, at: `2026-03-04T10:0${n}:00Z`, text: `${n} ${text}` }),
    ),
  );
  expect(results.map(one => one.status)).toEqual(Array.from({ length: 6 }, () => 'stored'));
  const tables = ['conversation_turns', 'conversation_contexts', 'context_snippets', 'project_states', 'projects',
    'memory_events', 'decision_logs', 'tags', 'recall_entries', 'journal', 'project_state_versions']; // prettier-ignore
  for (const table of tables) {
    const rows = JSON.stringify(await t.sql(`SELECT * FROM ${table}`));
    expect([table, rows.includes(secret), rows.includes('three doors')]).toEqual([table, false, false]);
  }
  const nothing = await take([event({ text: '<opskeep-recall>\nknown\n</opskeep-recall>' })]);
  expect(nothing.results[0]?.error?.details.errors[0]?.field).toBe('text');
});

it.each([
  ['quotes and statements', `'; DROP TABLE projects; -- " \\ %_`],
  ['control characters', 'a\u0007b\u001b[31mc\u009dd'],
  ['emoji and marks', '🔥 e\u0301 \u202e turned'],
  ['markup', '<script>alert(1)</script> {{x}} ${y}'],
  ['very much', 'blocked by: '.repeat(20_000)],
])('takes any text: %s', async (_what, text) => {
  const kinds = ['turn', 'tool', 'stop', 'compact', 'checkpoint', 'note'];
  const events = kinds.map((kind, n) =>
    event({ kind, text, session_key: 'hostile', sequence: n, project: { name: 'hostile' } }),
  );
  const { results } = await take(events.slice(0, 3));
  const more = await take(events.slice(3));
  expect([...results, ...more.results].filter(one => one.status !== 'stored')).toEqual([]);
});
