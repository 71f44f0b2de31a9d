import { CONVERSATIONS } from './conversations.js';
import {
  compressConversationSummary,
  type ConversationSummary,
  toldIn,
} from '../src/memory/compression/conversation-summary.js';
import { extractKeyDecisions } from '../src/memory/compression/decisions.js';
import { compressFileChanges } from '../src/memory/compression/file-changes.js';
import { formatForInjection } from '../src/memory/compression/injection.js';
import { mergeContexts } from '../src/memory/compression/merge.js';
import { progressed } from '../src/memory/compression/progress.js';
import { compressProjectState } from '../src/memory/compression/project-state.js';
import { calculateRelevanceScore } from '../src/memory/compression/relevance.js';
import { createContextSnippet } from '../src/memory/compression/snippet.js';
import { extractTagsFromText } from '../src/memory/compression/tags.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const TEXTS = CONVERSATIONS.flatMap(one =>
  typeof one.said === 'string' ? [{ ...one, text: one.said, told: one.told }] : [],
);

/** The lists that have something, and decisions in one line. */
function inShort({ phase, decisions, ...lists }: ConversationSummary): Record<string, unknown> {
  const said = decisions.map(({ decision, rationale, replaces }) =>
    [decision, rationale && `because ${rationale}`, replaces && `instead of ${replaces}`]
      .filter(Boolean)
      .join(' | '),
  );
  return Object.fromEntries(
    Object.entries({ phase, ...lists, decisions: said }).filter(
      ([, value]) => value !== null && value.length > 0,
    ),
  );
}

it.each(CONVERSATIONS)('takes from a conversation what it tells: $name', ({ said, told }) => {
  const { summary, resolved, isFree } = toldIn(said);
  expect({
    ...inShort(summary),
    ...(resolved.length > 0 && { resolved }),
    ...(isFree && { isFree }),
  }).toEqual(told);
  expect(compressConversationSummary(said)).toEqual(summary);
});

it.each(TEXTS)('makes a snippet of it: $name', ({ text, snippet }) => {
  const { category, title, tags, importance, relevance_score } = createContextSnippet(text, {}, NOW);
  expect([category, title, tags.join(' ')]).toEqual(snippet);
  expect(tags).toEqual(extractTagsFromText(text));
  expect(relevance_score).toBe(calculateRelevanceScore({ importance, at: NOW.toISOString() }, NOW));
});

it.each(TEXTS)('decides what it says was decided: $name', ({ text, told }) => {
  const found = extractKeyDecisions(text).map(one => one.decision);
  expect(found).toEqual(((told.decisions ?? []) as string[]).map(one => one.split(' | ')[0]));
});

it.each(TEXTS)('has no markup of hosts and pages in what becomes of it: $name', ({ text }) => {
  const told = toldIn(text);
  const state = compressProjectState(progressed({}, { ...told, whole: null, files: [], isLate: false }));
  const { title } = createContextSnippet(text, {}, NOW);
  for (const one of [state, told.summary.decisions, title])
    expect(JSON.stringify(one)).not.toMatch(/<\/?[a-z-]+>|\*\*|\]\(|\|/);
});

it.each(TEXTS)('says the title of a text once: $name', ({ text }) => {
  const { title } = createContextSnippet(text, {}, NOW);
  const item = { id: '1', type: 'context_snippet', title, text, at: NOW.toISOString() };
  const { markdown } = formatForInjection([item], 10_000, one => one.length);
  const bare = (given: string) => given.replace(/[^\p{L}\p{N}]+/gu, ' ');
  expect(bare(markdown).split(bare(title).trim())).toHaveLength(2);
});

it('says a title that the text does not say', () => {
  const item = { id: '1', type: 'fact', title: 'Cellar', text: 'The tapes are dry', at: '2026-01-01' };
  expect(formatForInjection([item], 1_000, one => one.length).markdown).toContain('**Cellar** The tapes');
});

it('has of two conversations the newer where they differ', () => {
  const [older, newer] = ['Phase: testing\nBlocked by: the cable', 'Phase: live\nNext: tell the client'].map(
    (text, n) => ({
      ...compressConversationSummary(text),
      at: `2026-03-0${n + 1}T00:00:00Z`,
    }),
  );
  expect(mergeContexts([older ?? {}, newer ?? {}])).toMatchObject({
    phase: 'live',
    blockers: ['the cable'],
    next: ['tell the client'],
  });
});

it('tells files by the end of a long name', () => {
  const { files } = compressFileChanges(['one', 'two'].map(name => `${'folder/'.repeat(60)}${name}.ts`));
  expect(files.map(({ path }) => [path.length, path.slice(-6)])).toEqual([
    [300, 'one.ts'],
    [300, 'two.ts'],
  ]);
});
