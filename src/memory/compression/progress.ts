import { line } from '../text/plain.js';
import { termsOf } from '../text/terms.js';
import type { ConversationSummary } from './conversation-summary.js';
import { keyOf } from './merge.js';
import { PHASE_NAMES } from './phases.js';
import type { StateOfProject } from './project-state.js';

/** What an event tells of where its project stands. */
export interface Progress {
  summary: ConversationSummary;
  /** What is no longer in the way, in the words of the event. */
  resolved: readonly string[];
  /** Whether it says that nothing is in the way. */
  isFree: boolean;
  focus: string | null;
  /** A summary of the whole, where the event is one. */
  whole: string | null;
  files: readonly string[];
  /** Whether something newer has told where the project stands. */
  isLate: boolean;
}

const MOST = {
  blockers: 20,
  next_actions: 20,
  completed: 50,
  key_files: 50,
  important_decisions: 20,
} as const;
const MOST_OF_ITEM = 400;
/** So much of what a blocker or a plan says must be in what says that it is settled. */
const SETTLES = 0.6;

/**
 * The state of a project after an event: what it does not speak of stays as it is, lists grow by what is new and lose
 * what is settled, and have at most so many items. What is late adds to what is done, decided and touched, and changes
 * nothing else.
 */
export function progressed(state: StateOfProject, event: Progress): StateOfProject {
  const { summary, files, isLate } = event;
  const decided = summary.decisions.map(one => one.decision);
  const next: StateOfProject = {
    ...state,
    completed: lastOf([...listOf(state.completed, isLate, summary.completed)], MOST.completed),
    important_decisions: lastOf(listOf(state.important_decisions, isLate, decided), MOST.important_decisions),
    key_files: firstOf(
      isLate ? [...(state.key_files ?? []), ...files] : [...files, ...(state.key_files ?? [])],
      MOST.key_files,
    ),
  };
  if (isLate) return next;
  return {
    ...next,
    phase: phaseOf(state.phase ?? null, summary.phase),
    current_focus: event.focus ?? state.current_focus ?? null,
    context_summary: event.whole ?? state.context_summary ?? null,
    blockers: firstOf([...summary.blockers, ...stillBlocking(state.blockers ?? [], event)], MOST.blockers),
    next_actions: firstOf(
      [...summary.next, ...unsettled(state.next_actions ?? [], summary.completed)],
      MOST.next_actions,
    ),
  };
}

function stillBlocking(blockers: readonly string[], { resolved, isFree, summary }: Progress): string[] {
  if (isFree) return [];
  const again = new Set(summary.blockers.map(keyOf));
  return unsettled(blockers, resolved).filter(one => !again.has(keyOf(one)));
}

/** A phase that somebody named in words of his own is not changed by one that was only guessed. */
function phaseOf(before: string | null, told: string | null): string | null {
  if (told === null) return before;
  const isGuess = PHASE_NAMES.has(told);
  return isGuess && before !== null && !PHASE_NAMES.has(before) ? before : line(told, 100);
}

/** The items that none of these says is settled. */
function unsettled(items: readonly string[], settling: readonly string[]): string[] {
  const said = settling.map(one => new Set(wordsOf(one)));
  return items.filter(one => {
    const words = wordsOf(one);
    return !said.some(known => words.length > 0 && shareOf(words, known) >= SETTLES);
  });
}

/** Words that say nothing of what an item is about. */
const FRAME = new Set([
  'block',
  'blocker',
  'wait',
  'resolv',
  'need',
  'still',
  'next',
  'done',
  'fix',
  'longer',
  'todo',
]);
const wordsOf = (text: string) => [...new Set(termsOf(text).words)].filter(word => !FRAME.has(word));
const shareOf = (words: readonly string[], known: ReadonlySet<string>) =>
  words.filter(word => known.has(word)).length / words.length;

function listOf(
  before: readonly string[] | null | undefined,
  isLate: boolean,
  more: readonly string[],
): string[] {
  return isLate ? [...more, ...(before ?? [])] : [...(before ?? []), ...more];
}

function firstOf(items: readonly string[], most: number): string[] {
  const first = new Map<string, string>();
  for (const one of items.map(item => line(item, MOST_OF_ITEM)).filter(Boolean))
    if (!first.has(keyOf(one))) first.set(keyOf(one), one);
  return [...first.values()].slice(0, most);
}

/** Each once, where it was said first; the last of them. */
function lastOf(items: readonly string[], most: number): string[] {
  return firstOf(items, Number.MAX_SAFE_INTEGER).slice(-most);
}
