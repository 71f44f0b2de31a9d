import type { Speaker } from '../../formats/memory-event.js';
import { decisionsIn, type KeyDecision } from './decisions.js';
import { phaseOf, phaseSaid } from './reading/phases.js';
import { keyOf } from './merge.js';
import { saysFree } from './reading/nothing.js';
import { type Place, placeOf, saysResolved } from './reading/places.js';
import { unsettled } from './settled.js';
import { type Statement, statementsOf } from './reading/statements.js';

/** What a conversation came to. */
export interface ConversationSummary {
  /** One of PHASE_NAMES, or what the text calls it. */
  phase: string | null;
  completed: string[];
  in_progress: string[];
  blockers: string[];
  decisions: KeyDecision[];
  next: string[];
}

export interface SaidTurn {
  speaker: Speaker;
  text: string;
  /** ISO 8601. */
  at?: string | null;
}

const MOST_ITEMS = 20;

const LISTS = ['completed', 'in_progress', 'blockers', 'next'] as const;
type Lists = Record<Place, string[]>;

/** What a conversation tells beside what it came to. */
export interface Told {
  summary: ConversationSummary;
  /** What it says is no longer in the way, in its own words. */
  resolved: string[];
  /** Whether it says that nothing was in the way. */
  isFree: boolean;
}

/**
 * What a conversation came to: which phase it is in, what is done, being done, blocked, decided and next, by headings,
 * labels, boxes and sentences that say so, in English and German. What was said by the user counts for decisions and
 * blockers alone, what a tool did for nothing; what a later turn settles is left out. Each list has at most 20 items,
 * the last of them. Takes time in proportion to the length.
 *
 * @param said a text, or turns in their order
 */
export function compressConversationSummary(
  said: string | readonly SaidTurn[],
  at: string | null = null,
): ConversationSummary {
  return toldIn(said, at).summary;
}

/** What a conversation came to, and what it settles of what was known before. */
export function toldIn(said: string | readonly SaidTurn[], at: string | null = null): Told {
  const all: readonly SaidTurn[] =
    typeof said === 'string' ? [{ speaker: 'assistant', text: said, at }] : said;
  const turns = all.filter(one => one.speaker !== 'tool');
  const told: Told = {
    summary: { phase: null, completed: [], in_progress: [], blockers: [], decisions: [], next: [] },
    resolved: [],
    isFree: false,
  };
  const { summary } = told;
  for (const turn of turns) {
    const statements = statementsOf(turn.text);
    summary.phase = phaseSaid(statements) ?? summary.phase;
    summary.decisions.push(...decisionsIn(statements, turn.at ?? at));
    follow(told, statements, turn.speaker);
  }
  summary.phase ??= phaseOf(turns.map(one => one.text));
  summary.decisions = lastOfEach(summary.decisions, one => keyOf(one.decision));
  return told;
}

/** Adds what a turn says, and takes away what it settles. */
function follow(told: Told, statements: readonly Statement[], speaker: SaidTurn['speaker']): void {
  const own: Lists = { completed: [], in_progress: [], blockers: [], next: [] };
  const resolved: string[] = [];
  for (const statement of statements) {
    if (saysFree(statement)) {
      told.isFree = true;
      told.summary.blockers = own.blockers = [];
      continue;
    }
    if (saysResolved(statement)) resolved.push(statement.text);
    const place = placeOf(statement);
    if (place && (speaker === 'assistant' || place === 'blockers')) own[place].push(statement.text);
  }
  const { summary } = told;
  const settling = { blockers: resolved, next: own.completed, completed: [], in_progress: own.completed };
  for (const name of LISTS) {
    const before = unsettled(summary[name], settling[name].slice(-MOST_ITEMS));
    summary[name] = lastOfEach([...before, ...own[name]], keyOf);
  }
  told.resolved = [...told.resolved, ...resolved].slice(-MOST_ITEMS);
}

function lastOfEach<T>(items: readonly T[], keyOf: (one: T) => string): T[] {
  const last = new Map<string, T>();
  for (const one of items) {
    const key = keyOf(one);
    last.delete(key);
    last.set(key, one);
  }
  return [...last.values()].slice(-MOST_ITEMS);
}
