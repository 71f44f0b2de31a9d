import { line, plain } from '../text/plain.js';
import { calculateRelevanceScore } from './relevance.js';
import { extractTagsFromText } from './tags.js';

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

const MOST_OF_TITLE = 120;
const MOST_READ = 65_536;
const MOST_TAGS = 20;

/** What tells of a category, and how much a snippet of it matters. A word counts once, however often it is there. */
const TELLING: [SnippetCategory, number, RegExp[]][] = [
  ['decision', 8, [/\b(?:decided|decision|agreed|chose|chosen)\b/i, /\binstead of\b|\brather than\b/i, /\bwe (?:will|shall) use\b/i]],
  ['blocker', 8, [/\bblock(?:ed|er|s|ing)\b/i, /\bwaiting (?:for|on)\b/i, /\b(?:cannot|can't) (?:proceed|continue)\b/i]],
  ['lesson', 7, [/\b(?:lesson|learned|learnt)\b/i, /\b(?:turned out|in hindsight|next time|the mistake)\b/i, /\broot cause\b/i]],
  ['pattern', 6, [/\b(?:pattern|convention|always|never|whenever|every time)\b/i, /\b(?:best practice|rule of thumb)\b/i]],
  ['configuration', 6, [/\b(?:config(?:uration|ured)?|settings?|port|parameter|environment variable)\b/i, /\b\d{1,3}(?:\.\d{1,3}){3}\b|=\S/, /\bset to\b/i]],
  ['state', 5, [/\b(?:currently|status|in progress|at the moment|so far)\b/i, /\b\d{1,3} ?%/]],
]; // prettier-ignore
const IMPORTANCE = new Map<string, number>(TELLING.map(([category, importance]) => [category, importance]));

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
    title: facts.title ?? (line(content, MOST_OF_TITLE) || 'Untitled'),
    content,
    tags: [...new Set([...(facts.tags ?? []), ...extractTagsFromText(content)])].slice(0, MOST_TAGS),
    importance,
    relevance_score: calculateRelevanceScore({ importance, at }, now),
  };
}

function categoryOf(text: string): SnippetCategory {
  let best: [SnippetCategory, number] = ['fact', 0];
  for (const [category, , signs] of TELLING) {
    const count = signs.filter(one => one.test(text)).length;
    if (count > best[1]) best = [category, count];
  }
  return best[0];
}
