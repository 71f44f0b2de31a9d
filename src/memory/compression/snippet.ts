import { plain } from '../text/plain.js';
import { decisionsIn } from './decisions.js';
import { isNothing } from './reading/nothing.js';
import { placeOf } from './reading/places.js';
import { calculateRelevanceScore } from './relevance.js';
import { statementsOf } from './reading/statements.js';
import { extractTagsFromText } from './tags.js';
import { titleIn } from './title.js';

export const CATEGORIES = [
  'decision',
  'pattern',
  'lesson',
  'blocker',
  'state',
  'configuration',
  'fact',
] as const;
export type SnippetCategory = (typeof CATEGORIES)[number];

export interface SnippetDraft {
  category: SnippetCategory;
  title: string;
  content: string;
  tags: string[];
  /** 1 to 10. */
  importance: number;
  /** 0 to 10. */
  relevance_score: number;
}

/** What is known of a snippet beside its text. */
export interface SnippetFacts {
  title?: string;
  category?: SnippetCategory;
  tags?: readonly string[];
  importance?: number;
  /** ISO 8601: when it was so; now when absent. */
  at?: string;
}

const MOST_READ = 65_536;
const MOST_TAGS = 20;

/** What tells of a category, and how much a snippet of it matters. A word counts once, however often it is there. */
const TELLING: [SnippetCategory, number, RegExp[]][] = [
  ['decision', 8, []],
  ['blocker', 8, []],
  ['lesson', 7, [/\b(?:lesson|learned|learnt)\b/i, /\b(?:turned out|in hindsight|next time|the mistake)\b/i, /\broot cause\b/i]],
  ['pattern', 6, [/\b(?:pattern|convention|always|never|whenever|every time)\b/i, /\b(?:best practice|rule of thumb)\b/i]],
  ['configuration', 6, [/\b(?:config(?:uration|ured)?|settings?|port|parameter|environment variable)\b/i, /\b\d{1,3}(?:\.\d{1,3}){3}\b|=\S/, /\bset to\b/i]],
  ['state', 5, [/\b(?:currently|status|in progress|at the moment|so far)\b/i, /\b\d{1,3} ?%/]],
]; // prettier-ignore
const IMPORTANCE = new Map<string, number>(TELLING.map(([category, importance]) => [category, importance]));
/** A decision or a blocker counts as much as two words that tell of another category. */
const SAID = 2;
/** A report with one decision among many statements is none. */
const MUCH = 5;

/**
 * A snippet made of a text: its category by the words that tell of it, its tags beside those given, a title, and how
 * much it matters (`calculateRelevanceScore`). Takes time in proportion to the length.
 */
export function createContextSnippet(text: string, facts: SnippetFacts = {}, now = new Date()): SnippetDraft {
  const content = plain(text);
  const category = facts.category ?? categoryOf(content.slice(0, MOST_READ));
  const importance = facts.importance ?? IMPORTANCE.get(category) ?? 5;
  const at = facts.at ?? now.toISOString();
  return {
    category,
    title: facts.title ?? titleIn(content),
    content,
    tags: [...new Set([...(facts.tags ?? []), ...extractTagsFromText(content)])].slice(0, MOST_TAGS),
    importance,
    relevance_score: calculateRelevanceScore({ importance, at }, now),
  };
}

/** By what it decides or is blocked by, and by the words of what it says; what it only asks tells of nothing. */
function categoryOf(text: string): SnippetCategory {
  const statements = statementsOf(text).filter(({ text: said }) => !said.endsWith('?') && !isNothing(said));
  const said = statements.map(one => one.text).join('\n');
  const counts: Partial<Record<SnippetCategory, number>> = {
    decision: decisionsIn(statements, null).length,
    blocker: statements.filter(one => placeOf(one) === 'blockers').length,
  };
  let best: [SnippetCategory, number] = ['fact', 0];
  for (const [category, , signs] of TELLING) {
    const isSaid = (counts[category] ?? 0) * MUCH > statements.length;
    const count = (isSaid ? SAID : 0) + signs.filter(one => one.test(said)).length;
    if (count > best[1]) best = [category, count];
  }
  return best[0];
}
