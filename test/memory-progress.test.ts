import { factsOf, replacedDecisions } from '../src/memory/compression/supersession.js';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
let count = 0;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

type Given = Record<string, unknown>;
const event = (name: string, minute: number, text: string, given: Given = {}): Given => ({
  key: `progress-${++count}`,
  kind: 'stop',
  at: `2026-03-02T10:${String(minute).padStart(2, '0')}:00Z`,
  session_key: `session of ${name}`,
  project: { name },
  source: 'hook',
  text,
  ...given,
});
const take = async (...events: Given[]): Promise<string> => {
  const { status, body } = await t.http('POST', '/api/memory/events', { body: { events } });
  const { results, stored } = body as unknown as { results: { project_id: string }[]; stored: number };
  expect([status, stored]).toEqual([200, events.length]);
  return results[0]?.project_id ?? '';
};
const stateOf = async (id: string) => (await t.http('GET', `/api/project-states/by-project/${id}`)).body;
const decisionsOf = async (id: string) =>
  (await t.http('GET', `/api/decision-logs/by-project/${id}`, { query: { sort: 'occurred_at' } })).body.items;

it('makes a state of what conversations tell, and keeps what a newer one does not speak of', async () => {
  const id = await take(
    event(
      'state',
      1,
      '## Blockers\n- The licence order of Acme is not confirmed\n- Nobody has the BIOS password\n## Next steps\n- Move the mailboxes\n- Tell the client',
      { git: { changed_files: ['a.ts'] } },
    ),
  );
  expect(await stateOf(id)).toMatchObject({
    blockers: ['The licence order of Acme is not confirmed', 'Nobody has the BIOS password'],
    next_actions: ['Move the mailboxes', 'Tell the client'],
    key_files: ['a.ts'],
    as_of: '2026-03-02T10:01:00.000Z',
  });
  await take(
    event(
      'state',
      5,
      'I moved the mailboxes. The licence order of Acme is confirmed, so that is resolved.\nNext: remove the connector',
      { git: { changed_files: ['b.ts'] } },
    ),
  );
  expect(await stateOf(id)).toMatchObject({
    blockers: ['Nobody has the BIOS password'],
    next_actions: ['remove the connector', 'Tell the client'],
    completed: ['I moved the mailboxes.', 'The licence order of Acme is confirmed, so that is resolved.'],
    key_files: ['b.ts', 'a.ts'],
  });
  const { version } = await stateOf(id);
  await take(event('state', 6, 'All right.'));
  expect((await stateOf(id)).version).toBe(version);
  await take(
    event('state', 7, 'Phase: rollout\n## Blockers\nNone', {
      kind: 'checkpoint',
      title: 'Before the weekend',
    }),
  );
  expect(await stateOf(id)).toMatchObject({
    phase: 'rollout',
    blockers: null,
    current_focus: null,
  });
});

it.each([
  'Blocked by: nothing',
  'There are no blockers.',
  '**Blocker:** keine',
  '## Blockers\n- none so far',
])('is blocked by nothing after: %s', async said => {
  const name = `free ${++count}`;
  const id = await take(event(name, 1, 'Working on the trunk.\nBlocked by: the carrier'));
  expect(await stateOf(id)).toMatchObject({ blockers: ['the carrier'] });
  await take(event(name, 2, said));
  expect((await stateOf(id)).blockers).toBeNull();
});

it('keeps what is being done where a checkpoint does not speak of it', async () => {
  const id = await take(event('focus', 1, 'I am working on the trunk of Acme.'));
  const more = { kind: 'checkpoint', title: 'Before lunch' };
  await take(event('focus', 2, 'The phones ring again.', more));
  expect((await stateOf(id)).current_focus).toBe('I am working on the trunk of Acme.');
  await take(event('focus', 3, 'In progress: the fax', more));
  expect((await stateOf(id)).current_focus).toBe('the fax');
  const files = { git: { branch: 'main', changed_files: ['src/a.ts', 'b.md'] } };
  const wordless = 'Checkpoint: main at abc.\n- src/a.ts\n- b.md';
  await take(event('focus', 4, wordless, { kind: 'checkpoint', title: 'Checkpoint: main at abc', ...files }));
  expect(await stateOf(id)).toMatchObject({
    context_summary: 'In progress: the fax',
    key_files: ['src/a.ts', 'b.md'],
  });
});

it('leaves where the project stands as it is after a checkpoint that says nothing', async () => {
  const said = 'The trunk of Acme rings.\nIn progress: the fax';
  const id = await take(event('silent', 1, said, { kind: 'checkpoint' }));
  const before = await stateOf(id);
  for (const commit of ['no commit', '0123456789ab']) {
    const title = `Checkpoint: main at ${commit}, 0 changed files`;
    await take(event('silent', 2, `${title}.`, { kind: 'checkpoint', title, git: { branch: 'main' } }));
  }
  const told = ({ current_focus, context_summary, next_actions, phase }: Given) => [
    current_focus,
    context_summary,
    next_actions,
    phase,
  ];
  expect(told(await stateOf(id))).toEqual(told(before));
  expect(told(before).slice(0, 2)).toEqual(['the fax', said]);
  const { markdown } = (await t.http('GET', '/api/memory/index', { query: { name: 'silent' } })).body;
  expect(markdown).not.toContain('Checkpoint');
});

it('tells what a checkpoint says below headings once', async () => {
  const said =
    'The trunk of Acme rings.\n## Done\n- Ported the numbers\n## Blockers\n- The fax line\n## Next steps\n- Next step: order a gateway';
  const id = await take(event('headed', 1, said, { kind: 'checkpoint' }));
  const index = async () =>
    String((await t.http('GET', '/api/memory/index', { query: { name: 'headed' } })).body.markdown).split('\n').slice(1); // prettier-ignore
  expect(await index()).toEqual([
    '- Blocked: The fax line',
    '- Next: order a gateway',
    '- The trunk of Acme rings.',
    '- Done: Ported the numbers',
  ]);
  await take(event('headed', 2, 'I ordered a gateway. Resolved: the fax line'));
  expect((await stateOf(id)).blockers).toBeNull();
  expect((await index()).slice(0, 4).join()).not.toMatch(/Blocked|fax line is/);
});

it('drops what was planned for something that is replaced, and keeps what ends it', async () => {
  const plan = 'Next step: configure the webhook of Postmark. Next: cancel the Postmark account';
  const id = await take(event('plans', 1, `We decided to use Postmark for the portal. ${plan}`));
  expect((await stateOf(id)).next_actions).toHaveLength(2);
  await take(event('plans', 2, 'We decided to use Amazon SES instead of Postmark.'));
  expect((await stateOf(id)).next_actions).toEqual(['cancel the Postmark account']);
});

it('takes a rejection back when what was rejected is chosen', async () => {
  const id = await take(
    event('regret', 1, 'We decided to use Postmark for the portal.'),
    event('regret', 2, 'Amazon SES was rejected because of the cost.'),
    event('regret', 3, 'We decided to go with Amazon SES instead of Postmark.'),
  );
  expect((await decisionsOf(id)).map(one => one.status)).toEqual(['superseded', 'superseded', 'active']);
});

it('says what a conversation came to once, without what its host wrote', async () => {
  const text =
    '<command-name>/checkpoint</command-name>\n<system-reminder>Next: feed the cat</system-reminder>' +
    'I moved the scope to dc-02.\n<local-command-stdout>Blocked by: stdout</local-command-stdout>';
  const id = await take(event('markup', 1, text), event('markup', 2, text, { kind: 'checkpoint' }));
  const { markdown } = (await t.http('GET', '/api/memory/index', { query: { name: 'markup' } })).body;
  expect(String(markdown).split('\n').at(-1)).toBe('I moved the scope to dc-02.');
  const stored = await Promise.all(
    ['conversation-contexts', 'conversation-turns', 'project-states'].map(
      async path => (await t.http('GET', `/api/${path}`, { query: { project_id: id } })).body.items,
    ),
  );
  expect(stored.map(one => one.length)).toEqual([2, 1, 1]);
  expect(JSON.stringify(stored)).not.toMatch(/<|feed the cat|stdout/);
});

it('has how things stand now of a checkpoint that says what an earlier one said, and tells how many files there are', async () => {
  const files = Array.from({ length: 900 }, (_, n) => `${'src/long names/'.repeat(50)}${n}.ts`);
  const checkpoint = (minute: number, git: Given) =>
    event('twin', minute, 'Before the release', { kind: 'checkpoint', git });
  const id = await take(checkpoint(1, { commit: 'none' }));
  await take(checkpoint(5, { branch: 'main', changed_files: files }));
  await take(checkpoint(3, { branch: 'old' }));
  const { items } = (await t.http('GET', `/api/conversation-contexts/by-project/${id}`)).body;
  expect(items).toHaveLength(1);
  const { metadata, occurred_at } = items[0] as unknown as { metadata: Given; occurred_at: string };
  expect(occurred_at).toBe('2026-03-02T10:05:00.000Z');
  expect(metadata).toMatchObject({
    git_branch: 'main',
    files_summary: expect.stringMatching(/^900 files: 900 modified; in src/),
  });
  const changed = metadata.files_changed as string[];
  expect([changed.length, changed.at(-1)?.slice(-11)]).toEqual([50, 'names/49.ts']);
});

it('changes nothing newer by what comes late, not even by hand', async () => {
  const id = await take(event('late', 10, 'Phase: testing\nBlocked by: the missing cable'));
  await take(
    event(
      'late',
      2,
      'Phase: planning\nDone: ordered the cable\nBlocked by: the budget\nNext: ask for the budget',
    ),
  );
  expect(await stateOf(id)).toMatchObject({
    phase: 'testing',
    blockers: ['the missing cable'],
    next_actions: null,
    completed: ['ordered the cable'],
  });
  await t.http('PUT', `/api/project-states/by-project/${id}`, { body: { phase: 'live' } });
  await take(event('late', 20, 'Phase: deployment'));
  expect((await stateOf(id)).phase).toBe('live');
});

it('does not let a clock that is ahead stop what comes later', async () => {
  const id = await take(event('clock', 1, 'Phase: testing', { at: '2999-01-01T00:00:00Z' }));
  await take(event('clock', 1, 'Phase: live', { at: new Date().toISOString() }));
  expect((await stateOf(id)).phase).toBe('live');
});

it('logs a decision once, and supersedes one where that is certain', async () => {
  const id = await take(
    event('decide', 1, 'We decided to use IPsec for the branch offices because the routers speak it.'),
    event('decide', 2, 'We decided to use IPsec for the branch offices.', { session_key: 'other' }),
    event('decide', 3, 'We decided to use Veeam for the servers.'),
  );
  expect((await decisionsOf(id)).map(one => [one.decision_text, one.rationale, one.status])).toEqual([
    ['We decided to use IPsec for the branch offices', 'the routers speak it', 'active'],
    ['We decided to use Veeam for the servers', null, 'active'],
  ]);
  await take(event('decide', 4, 'We switched from IPsec to WireGuard for the branch offices.'));
  const after = await decisionsOf(id);
  expect(after.map(one => one.status)).toEqual(['superseded', 'active', 'active']);
  expect(after[2]?.supersedes_id).toBe(after[0]?.id);
  await take(
    event('decide', 0, 'We decided to use Telnet for the switches. '),
    event('decide', 6, 'We no longer use Telnet, SSH is used.'),
  );
  expect(
    (await decisionsOf(id)).find(one => String(one.decision_text).includes('use Telnet for'))?.status,
  ).toBe('superseded');
});

it('finds the decision that one replaced when it comes late', async () => {
  const id = await take(event('reverse', 9, 'We use Borg instead of Veeam for the small sites.'));
  await take(event('reverse', 1, 'We decided to use Veeam for the small sites.'));
  expect((await decisionsOf(id)).map(one => one.status)).toEqual(['superseded', 'active']);
});

it.each([
  ['two that it may be', ['We use Veeam for the servers', 'We use Veeam for the desktops']],
  ['one that only speaks of it', ['We keep the Veeam licence until June']],
  ['one that says the same already', ['We decided on Borg instead of Veeam']],
  ['one that refused it', ['We will not use Veeam']],
  ['a newer one', ['We use Veeam for the servers']],
])('supersedes none of %s', (what, texts) => {
  const at = what === 'a newer one' ? '2026-02-01' : '2026-01-01';
  const known = texts.map(text => ({ facts: factsOf(text), at }));
  const newer = { facts: factsOf('We use Datto instead of Veeam'), at: '2026-01-15' };
  expect(replacedDecisions(newer, known)).toEqual([]);
});

it('keeps the summary of a compaction, and adds what came since', async () => {
  const id = await take(
    event('compact', 1, 'Looked at the queue of Contoso.'),
    event(
      'compact',
      2,
      'The queue of Contoso grew since the relay was moved; the connector is being rebuilt.',
      { kind: 'compact' },
    ),
    event('compact', 3, 'The connector is rebuilt.'),
  );
  const { items } = (await t.http('GET', `/api/conversation-contexts/by-project/${id}`)).body;
  expect(items).toHaveLength(1);
  expect(items[0]?.dense_summary).toContain('grew since the relay was moved');
  expect(items[0]?.dense_summary).toContain('Since then: The connector is rebuilt.');
  const index = (await t.http('GET', '/api/memory/index', { query: { name: 'compact', max_tokens: 60 } }))
    .body;
  expect(index.tokens).toBeLessThanOrEqual(60);
});

it('has states and decisions right when many come at once', async () => {
  const ids = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      take(
        event('crowd', n, `Done: installed printer ${n}\nWe decided to use driver ${n} because it works.`, {
          session_key: `crowd ${n}`,
        }),
      ),
    ),
  );
  const id = ids[0] ?? '';
  expect(new Set(ids).size).toBe(1);
  expect((await stateOf(id)).completed).toHaveLength(8);
  expect(await decisionsOf(id)).toHaveLength(8);
}, 30_000);
