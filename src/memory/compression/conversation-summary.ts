import { decisionsIn, type KeyDecision } from './decisions.js';
import { phaseOf, phaseSaid } from './phases.js';
import { isNothing, type Statement, statementsOf } from './statements.js';

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
  speaker: 'user' | 'assistant' | 'tool';
  text: string;
  /** ISO 8601. */
  at?: string | null;
}

const MOST_ITEMS = 20;

const DONE =
  /^(?:and |also |then |now |i(?:'ve| have)? |we(?:'ve| have)? )*(?:fixed|added|implemented|completed|finished|created|updated|removed|migrated|replaced|restarted|installed|configured|deployed|resolved|moved|renamed|wrote|written|tested|verified|closed|upgraded|enabled|disabled|reset|rebuilt|restored|cleaned|documented|set up)\b|\b(?:is|are|was|were|has been|have been) (?:now )?(?:done|fixed|finished|complete|completed|deployed|restored|installed|migrated|replaced|resolved)\b/i;
const DOING =
  /\b(?:working on|in progress|currently|halfway|half done|partly done|started (?:to|on|with)|am (?:now )?\w+ing)\b/i;
const BLOCKED =
  /\bblocked (?:by|on|until)\b|\bwaiting (?:for|on)\b|\b(?:cannot|can't|can not) (?:proceed|continue|go on|finish)\b|\bstuck (?:on|at|with|because)\b|\bneeds? (?:the )?approval\b/i;
const FREED =
  /\b(?:no longer|not|isn't|aren't|never|nothing(?: is)?|nobody(?: is)?) (?:any longer )?(?:blocked|stuck|waiting)\b|\bunblocked\b|\bblockers? (?:is|are|was|were) (?:gone|resolved|removed|solved)\b/i;
const SOLVED = /\b(?:resolved|unblocked|solved|cleared up)\b/i;
const UNSOLVED =
  /\b(?:not|never|isn't|aren't|wasn't|hasn't been|haven't been|can't be|cannot be|until|once|if|when|partly|to be) (?:yet |been |it is |fully )*(?:resolved|unblocked|solved|cleared up)\b|\bunresolved\b|\?$/i;
const COMING =
  /^(?:next\b|then (?:we|i)\b|to ?do\b|todo\b|(?:we|i) (?:still )?(?:need|have|want|plan) to\b|(?:we|i)(?:'ll| will| must| should)\b|remaining\b|still to\b|it remains\b|tomorrow\b)/i;
const LEFT = /\b(?:still needs? to|remains? to be|yet to be|not yet (?:done|finished|tested|deployed))\b/i;

/**
 * What a conversation came to: which phase it is in, what is done, being done, blocked, decided and next, by headings,
 * labels, boxes and sentences that say so. What was asked by the user counts for decisions and blockers alone. Each list
 * has at most 20 items, the last of them. Takes time in proportion to the length.
 *
 * @param said a text, or turns in their order
 */
export function compressConversationSummary(
  said: string | readonly SaidTurn[],
  at: string | null = null,
): ConversationSummary {
  const turns: readonly SaidTurn[] =
    typeof said === 'string' ? [{ speaker: 'assistant', text: said, at }] : said;
  const summary: ConversationSummary = {
    phase: null,
    completed: [],
    in_progress: [],
    blockers: [],
    decisions: [],
    next: [],
  };
  for (const turn of turns) {
    const statements = statementsOf(turn.text);
    summary.phase = phaseSaid(statements) ?? summary.phase;
    for (const statement of statements) {
      const place = placeOf(statement);
      if (place && (turn.speaker === 'assistant' || place === 'blockers'))
        summary[place].push(statement.text);
    }
    summary.decisions.push(...decisionsIn(statements, turn.at ?? at));
  }
  summary.phase ??= phaseOf(turns.map(one => one.text));
  for (const name of ['completed', 'in_progress', 'blockers', 'next'] as const)
    summary[name] = lastOfEach(summary[name], one => one.toLowerCase());
  summary.decisions = lastOfEach(summary.decisions, one => one.decision.toLowerCase());
  return summary;
}

/** What a text says is no longer in the way, in its own words. */
export function resolvedIn(text: string): string[] {
  return statementsOf(text)
    .filter(({ topic, text: said }) => topic === 'resolved' || FREED.test(said) || SOLVED.test(said))
    .filter(one => !UNSOLVED.test(one.text))
    .map(one => one.text)
    .slice(-MOST_ITEMS);
}

/** Whether a text says, where it speaks of what is in the way, that nothing is. */
export function saysNothingBlocks(text: string): boolean {
  const said = statementsOf(text).filter(one => one.topic === 'blockers');
  return said.length > 0 && said.every(one => isNothing(one.text));
}

type Place = 'completed' | 'in_progress' | 'blockers' | 'next';

function placeOf({ text, topic }: Statement): Place | undefined {
  if (isNothing(text)) return undefined;
  if (topic === 'completed' || topic === 'in_progress' || topic === 'blockers' || topic === 'next')
    return topic;
  if (topic !== undefined || text.endsWith('?')) return undefined;
  if (FREED.test(text)) return undefined;
  if (BLOCKED.test(text)) return 'blockers';
  if (COMING.test(text) || LEFT.test(text)) return 'next';
  if (DONE.test(text)) return 'completed';
  return DOING.test(text) ? 'in_progress' : undefined;
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
