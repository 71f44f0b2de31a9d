import { line } from '../text/plain.js';
import { distinct } from './merge.js';

/** Where a project stands, as `project-states` has it. */
export interface StateOfProject {
  phase?: string | null;
  progress_percent?: number | null;
  current_focus?: string | null;
  blockers?: readonly string[] | null;
  next_actions?: readonly string[] | null;
  completed?: readonly string[] | null;
  context_summary?: string | null;
  key_files?: readonly string[] | null;
  important_decisions?: readonly string[] | null;
}

const LISTS = ['blockers', 'next_actions', 'completed', 'key_files', 'important_decisions'] as const;
/** What came first of these is the first to go; of the others the last. */
const OLDEST_FIRST: ReadonlySet<string> = new Set(['completed', 'important_decisions']);
const TEXTS = { phase: 100, current_focus: 500, context_summary: 2_000 } as const;
const MOST_OF_ITEM = 300;

/**
 * The state of a project in few words: what says nothing is left out, lists have each item once and at most so many (of
 * what is done and decided the last), texts are cut.
 *
 * @param most items of each list
 */
export function compressProjectState(state: StateOfProject, most = 10): StateOfProject {
  const short: Record<string, unknown> = {};
  for (const [name, length] of Object.entries(TEXTS)) {
    const text = line(state[name as keyof typeof TEXTS] ?? '', length);
    if (text) short[name] = text;
  }
  if (typeof state.progress_percent === 'number') short.progress_percent = state.progress_percent;
  for (const name of LISTS) {
    const items = distinct((state[name] ?? []).map(one => line(one, MOST_OF_ITEM)).filter(Boolean));
    if (items.length > 0) short[name] = OLDEST_FIRST.has(name) ? items.slice(-most) : items.slice(0, most);
  }
  return short;
}
