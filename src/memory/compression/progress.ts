import { line } from '../text/plain.js';
import type { Told } from './conversation-summary.js';
import { keyOf } from './merge.js';
import { PHASE_NAMES } from './reading/phases.js';
import { mostOf, type StateOfProject } from './project-state.js';
import { stillMeant, unsettled } from './settled.js';

/** What an event tells of where its project stands. */
export interface Progress extends Told {
  /** A summary of the whole, where the event is one. */
  whole: string | null;
  files: readonly string[];
  /** Whether something newer has told where the project stands. */
  isLate: boolean;
}

const MOST_OF_ITEM = 400;
const MOST_OF_FOCUS = 300;

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
    completed: lastOf([...listOf(state.completed, isLate, summary.completed)], mostOf('completed')),
    important_decisions: lastOf(
      listOf(state.important_decisions, isLate, decided),
      mostOf('important_decisions'),
    ),
    key_files: firstOf(
      isLate ? [...(state.key_files ?? []), ...files] : [...files, ...(state.key_files ?? [])],
      mostOf('key_files'),
    ),
  };
  if (isLate) return next;
  return {
    ...next,
    phase: phaseOf(state.phase ?? null, summary.phase),
    current_focus: focusOf(event) ?? state.current_focus ?? null,
    context_summary: event.whole ?? state.context_summary ?? null,
    blockers: firstOf(
      [...summary.blockers, ...stillBlocking(state.blockers ?? [], event)],
      mostOf('blockers'),
    ),
    next_actions: firstOf(
      [...summary.next, ...stillPlanned(state.next_actions ?? [], event)],
      mostOf('next_actions'),
    ),
  };
}

/** What is being done, the last of it, where the event speaks of that. */
function focusOf({ summary }: Progress): string | null {
  const focus = summary.in_progress.at(-1);
  return focus === undefined ? null : line(focus, MOST_OF_FOCUS);
}

function stillPlanned(plans: readonly string[], { summary }: Progress): string[] {
  const replaced = summary.decisions.flatMap(one => one.replaces ?? []);
  return stillMeant(unsettled(plans, summary.completed), replaced);
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
