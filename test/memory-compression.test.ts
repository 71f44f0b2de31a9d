import * as fc from 'fast-check';
import { startApp, type TestApp } from './app.js';
import { compressConversationSummary, toldIn } from '../src/memory/compression/conversation-summary.js';
import { extractKeyDecisions } from '../src/memory/compression/decisions.js';
import { compressFileChanges } from '../src/memory/compression/file-changes.js';
import { formatForInjection } from '../src/memory/compression/injection.js';
import { mergeContexts } from '../src/memory/compression/merge.js';
import { compressProjectState } from '../src/memory/compression/project-state.js';
import { calculateRelevanceScore } from '../src/memory/compression/relevance.js';
import { createContextSnippet } from '../src/memory/compression/snippet.js';
import { titleIn } from '../src/memory/compression/title.js';
import { extractTagsFromText } from '../src/memory/compression/tags.js';

const REPORT = `## Summary
Phase: deployment

### Completed
- Moved the mailboxes of Acme to Exchange Online
- [x] Updated the MX record

### Next steps
1. Remove the old connector
- [ ] Tell the client

### Blockers
- The licence order is not confirmed

### Decisions
- We keep the old server until June because the scanner still relays through it

I am working on the SPF record. We are waiting for the DNS provider. Is that all?
`;

it('says what a conversation came to', () => {
  expect(compressConversationSummary(REPORT, '2026-03-02T10:00:00.000Z')).toEqual({
    phase: 'deployment',
    completed: ['Moved the mailboxes of Acme to Exchange Online', 'Updated the MX record'],
    in_progress: ['I am working on the SPF record.'],
    blockers: ['The licence order is not confirmed', 'We are waiting for the DNS provider.'],
    decisions: [
      {
        decision: 'We keep the old server until June',
        rationale: 'the scanner still relays through it',
        impact: 'medium',
        timestamp: '2026-03-02T10:00:00.000Z',
        replaces: null,
      },
    ],
    next: ['Remove the old connector', 'Tell the client'],
  });
});

it.each([
  ['I fixed the login form.', 'completed'],
  ['The certificate was replaced on fw-01.', 'completed'],
  ['Currently the sync is running.', 'in_progress'],
  ['We are blocked by the missing licence.', 'blockers'],
  ["I can't continue without the admin password.", 'blockers'],
  ['We still need to test the failover.', 'next'],
  ['Todo: rotate the key', 'next'],
  ['Done: new driver installed', 'completed'],
] as const)('places %s', (text, place) => {
  const { phase: _phase, decisions: _decisions, ...places } = compressConversationSummary(text);
  const filled = Object.entries(places).filter(([, items]) => items.length > 0);
  expect(filled.map(([name]) => name)).toEqual([place]);
});

it('takes no plan, question or negation for a fact', () => {
  const text = 'Are we blocked by the licence? We are no longer blocked by the licence.\n## Blockers\nNone';
  expect(compressConversationSummary(text).blockers).toEqual([]);
  expect(toldIn(text)).toMatchObject({
    resolved: ['We are no longer blocked by the licence.'],
    isFree: true,
  });
});

it.each([
  [
    'We decided to use WireGuard instead of IPsec because the old client is unsupported.',
    'WireGuard',
    'IPsec',
  ],
  ['We switched from Veeam to Borg for the small sites.', 'Borg', 'Veeam'],
  ['We no longer use the relay on srv-02.', 'relay', 'relay on srv-02'],
  ['Decision: backups go to the second site', 'second site', null],
  ['Since the disk is full, we decided to move the logs.', 'move the logs', null],
])('finds the decision in: %s', (text, part, replaces) => {
  const [found, ...more] = extractKeyDecisions(text, null);
  expect(more).toEqual([]);
  expect(found?.decision).toContain(part);
  expect(found?.replaces).toBe(replaces);
});

it.each([
  'Should we use WireGuard instead of IPsec?',
  'If we decide to move, the logs move, too.',
  'It is not decided yet.',
  'We have not agreed on a date.',
  'Nobody chose the old vendor.',
  'We might go with Borg.',
])('finds no decision in: %s', text => {
  expect(extractKeyDecisions(text)).toEqual([]);
});

it('says why, and how much depends on it', () => {
  expect(extractKeyDecisions('We agreed to encrypt all backups since the auditor asked for it')).toEqual([
    {
      decision: 'We agreed to encrypt all backups',
      rationale: 'the auditor asked for it',
      impact: 'high',
      timestamp: null,
      replaces: null,
    },
  ]);
  const below = 'Decisions:\n- Tabs stay blue\nWhy: nobody minds\n- We decided on tabs that stay blue';
  expect(extractKeyDecisions(below)[0]).toMatchObject({
    decision: 'Tabs stay blue',
    rationale: 'nobody minds',
  });
});

it('merges with the newest first', () => {
  const merged = mergeContexts([
    { at: '2026-01-02T00:00:00Z', phase: 'testing', blockers: ['Licence'], facts: { a: 1, b: 2 }, note: '' },
    { at: '2026-01-03T00:00:00Z', phase: 'live', blockers: ['licence.', 'DNS'], facts: { b: 3 }, note: null },
    { at: '2026-01-01T00:00:00Z', phase: 'planning', blockers: ['Old'], note: 'kept' },
  ]);
  expect(merged).toEqual({
    at: '2026-01-03T00:00:00Z',
    phase: 'live',
    blockers: ['licence.', 'DNS', 'Old'],
    facts: { a: 1, b: 3 },
    note: 'kept',
  });
});

it('makes a snippet with tags, a category and a score', () => {
  const now = new Date('2026-03-02T00:00:00Z');
  const made = createContextSnippet(
    'We decided to put the VPN on WireGuard; the firewall keeps IPsec',
    { tags: ['acme'] },
    now,
  );
  expect(made).toMatchObject({ category: 'decision', importance: 8, tags: ['acme', 'vpn', 'firewall'] });
  expect(made.relevance_score).toBe(calculateRelevanceScore({ importance: 8, at: now.toISOString() }, now));
  expect(createContextSnippet('Port 8443, base URL set to https://10.0.0.5', {}, now).category).toBe(
    'configuration',
  );
  expect(createContextSnippet('The cellar is dry', {}, now)).toMatchObject({ category: 'fact', tags: [] });
});

it('compresses a state, and leaves out what says nothing', () => {
  const many = Array.from({ length: 30 }, (_, n) => `Step ${n}`);
  expect(
    compressProjectState(
      {
        phase: ' live ',
        progress_percent: 0,
        blockers: [],
        completed: many,
        next_actions: many,
        key_files: null,
      },
      3,
    ),
  ).toEqual({
    phase: 'live',
    progress_percent: 0,
    completed: ['Step 27', 'Step 28', 'Step 29'],
    next_actions: ['Step 0', 'Step 1', 'Step 2'],
  });
});

it('compresses changes of files', () => {
  const found = compressFileChanges([
    { path: 'src\\a.ts', change_type: 'created', additions: 5 },
    { path: './src/a.ts', additions: 2, deletions: 1 },
    'README.md',
    { path: 'src/b.ts', change_type: 'deleted' },
  ]);
  expect(found).toMatchObject({
    total: 3,
    additions: 7,
    deletions: 1,
    by_type: { created: 1, modified: 1, deleted: 1 },
  });
  expect(found.folders).toEqual([{ path: 'src', files: 2 }, { path: '.', files: 1 }]); // prettier-ignore
  expect(found.summary).toBe('3 files: 1 created, 1 modified, 1 deleted (+7 −1); in src (2), . (1)');
  expect(compressFileChanges([]).summary).toBe('No files changed');
});

it('finds tags out of a fixed set', () => {
  expect(extractTagsFromText('The Domain Controller and the domain controller use DNS')).toEqual([
    'active-directory',
    'dns',
  ]);
  expect(extractTagsFromText('constructor __proto__ toString')).toEqual([]);
});

const FUNCTIONS: Record<string, (text: string) => unknown> = {
  compressConversationSummary: text => compressConversationSummary(text),
  toldIn: text => toldIn(text),
  titleIn,
  extractKeyDecisions: text => extractKeyDecisions(text),
  createContextSnippet: text => createContextSnippet(text),
  extractTagsFromText,
  compressProjectState: text =>
    compressProjectState({ phase: text, completed: [text], blockers: text.split('\n').slice(0, 200) }),
  mergeContexts: text => mergeContexts([{ at: text, a: [text, text], b: { [text]: text } }, { a: [text] }]),
  compressFileChanges: text => compressFileChanges([text, { path: text }]),
  formatForInjection: text =>
    formatForInjection([{ id: '1', type: 'fact', text, at: '2026-01-01' }], 200, one =>
      Math.ceil(one.length / 4),
    ),
};

describe.each(Object.entries(FUNCTIONS))('%s', (_name, run) => {
  it('takes any text, and gives the same for the same', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '# Blockers',
            '- [ ] x',
            'We decided to go',
            'instead of',
            '\n',
            ': ',
            '```',
            '**',
            'because',
            '.',
            '\u2028',
          ),
          { maxLength: 60 },
        )
        .map(parts => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, one => {
        expect(run(one)).toEqual(run(one));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['spaces', '- ' + ' '.repeat(250_000) + 'x\u2028y'],
    ['one word', 'a'.repeat(260_000)],
    ['decisions', 'we decided to use a instead of b because c. '.repeat(6_000)],
    ['headings', '# Blockers\n- x\n'.repeat(17_000)],
    ['colons', 'a: '.repeat(87_000)],
    ['dots', '. '.repeat(130_000)],
    ['joined', 'a-'.repeat(130_000)],
    ['digits', '1.'.repeat(130_000)],
  ])('takes little time for much of %s', (_what, text) => {
    run(text.slice(0, 1_000));
    const began = process.cpuUsage();
    run(text);
    const { user, system } = process.cpuUsage(began);
    // A quadratic step would take minutes.
    expect((user + system) / 1000).toBeLessThan(1_500);
  });
});

/** So many contexts with so many lists each. */
const lists = (many: number, names: number) =>
  Array.from({ length: many }, (_, n) =>
    Object.fromEntries(
      Array.from({ length: names }, (_, m) => [`name${m}`, [`item ${n} of list ${m}, said at length`]]),
    ),
  );
const texts = (many: number, length: number) =>
  Array.from({ length: many }, (_, n) => ({
    id: String(n),
    type: 'fact',
    at: '2026-01-01T00:00:00Z',
    text: `w${n} a b c `.repeat(length).slice(0, length),
  }));

describe('over HTTP', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());
  const compress = (name: string, input: unknown) =>
    t.http('POST', '/api/memory/compress', { body: { function: name, input } });

  it.each([
    ['compressConversationSummary', { text: REPORT }, 'phase'],
    ['compressConversationSummary', { turns: [{ speaker: 'assistant', text: 'I fixed it.' }] }, 'completed'],
    ['createContextSnippet', { text: 'We decided', tags: ['x'] }, 'relevance_score'],
    ['compressProjectState', { state: { phase: 'live', blockers: null }, most: 5 }, 'phase'],
    ['extractKeyDecisions', { text: 'We decided to go', at: '2026-01-01T00:00:00Z' }, '0'],
    ['mergeContexts', { contexts: [{ at: '2026-01-01T00:00:00Z', a: 1 }] }, 'a'],
    [
      'formatForInjection',
      { items: [{ id: '1', type: 'fact', text: 'x', at: '2026-01-01T00:00:00Z' }], max_tokens: 100 },
      'markdown',
    ],
    ['extractTagsFromText', { text: 'the vpn' }, '0'],
    ['compressFileChanges', { changes: ['a/b.ts', { path: 'c.ts', change_type: 'deleted' }] }, 'summary'],
  ])('%s', async (name, input, has) => {
    const { status, body } = await compress(name, input);
    expect([status, status === 200 ? '' : body]).toEqual([200, '']);
    expect(Object.keys(body.result as object)).toContain(has);
  });

  it('calculateRelevanceScore, from 0 to 10', async () => {
    const { body } = await compress('calculateRelevanceScore', {
      importance: 10,
      at: '2999-01-01T00:00:00Z',
      usage_count: 99,
    });
    expect(body.result).toBe(10);
  });

  it.each([
    ['calculateRelevanceScore', { importance: 11, at: 'x' }, ['input.importance', 'input.at']],
    ['compressConversationSummary', {}, ['input.text']],
    ['extractTagsFromText', { text: 'x'.repeat(65_536) }, ['input.text']],
    ['extractTagsFromText', { text: 'x', more: 1 }, ['input.more']],
    ['mergeContexts', { contexts: [1] }, ['input.contexts']],
    ['mergeContexts', { contexts: lists(200, 30) }, ['input.contexts']],
    ['formatForInjection', { items: texts(15, 65_000), max_tokens: 500 }, ['input.items']],
    ['compressFileChanges', { changes: [1, { path: 2 }] }, ['input.changes.0.path', 'input.changes.1.path']],
    ['eval', {}, ['function']],
    ['extractTagsFromText', 7, ['input']],
  ])('refuses what is not its input: %s %#', async (name, input, fields) => {
    const { status, body } = await compress(name, input);
    expect(status).toBe(422);
    expect(body.details.errors.map(one => one.field)).toEqual(fields);
  });
});
