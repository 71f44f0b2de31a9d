import { line } from '../text/plain.js';

/** What a heading or a label in front says of what follows. */
export type Topic = 'completed' | 'in_progress' | 'blockers' | 'decisions' | 'next' | 'phase' | 'resolved';

/** One thing that a text says: a sentence, or an item of a list. */
export interface Statement {
  text: string;
  /** By the heading above it, the label or the box in front of it. */
  topic?: Topic;
}

/** Of a text no more than this is read. */
const MOST_CHARACTERS = 262_144;
const MOST_STATEMENTS = 4_000;
const MOST_OF_STATEMENT = 400;
const MOST_OF_HEADING = 80;

const TOPICS: [Topic, RegExp][] = [
  ['resolved', /^(?:resolved|unblocked|no longer blocked|blockers? resolved|resolved blockers?)\b/],
  ['blockers', /^(?:blockers?|blocked|open blockers?|stuck|waiting (?:for|on)|impediments?)\b/],
  ['decisions', /^(?:decisions?|decided|key decisions?|decisions? made|important decisions?|we decided)\b/],
  ['in_progress', /^(?:in progress|work in progress|wip|ongoing|current(?:ly)?(?: work| task| focus| status)?|working on|doing)\b/], // prettier-ignore
  ['next', /^(?:next(?: steps?| actions?)?|to ?-?dos?|todo|remaining(?: work| tasks)?|pending(?: tasks?| work)?|plan(?:ned)?|still to do|open(?: tasks?| points?)?)\b/], // prettier-ignore
  ['completed', /^(?:completed|complete|done|finished|accomplished|achieved|fixed|changes(?: made)?|what (?:was|i|we) (?:done|did))\b/], // prettier-ignore
  ['phase', /^(?:phase|stage|project phase|current phase)\b/],
];

function topicOf(heading: string): Topic | undefined {
  const text = heading.toLowerCase().replace(/^[^\p{L}]+/u, '');
  return TOPICS.find(([, known]) => known.test(text))?.[0];
}

const HEADING = /^#{1,6}\s+(.*)$/s;
const BOLD = /^\*\*([^*]+)\*\*:?$/;
const ITEM = /^(?:[-*+•]|\d{1,3}[.)])\s+(?:\[([ xX~/-])\]\s*)?(.*)$/s;
const LABEL = /^(?:\*\*)?([\p{L}][\p{L} -]{1,40}?)(?:\*\*)?:(?:\*\*)?\s+(\S.*)$/su;
const FENCE = /^(?:```|~~~)/;
/** Where a sentence ends and another one begins. */
const ENDS = /(?<=[.!?…])\s+(?=[\p{Lu}\d"'(`*])/u;

/** What a text says, in its order; code between fences says nothing. Takes time in proportion to the length. */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let topic: Topic | undefined;
  let isCode = false;
  let list: 'none' | 'open' | 'ended' = 'none';
  for (const raw of text.slice(0, MOST_CHARACTERS).split('\n')) {
    const row = raw.trim();
    if (FENCE.test(row)) isCode = !isCode;
    if (isCode || FENCE.test(row)) continue;
    if (row === '') {
      if (list === 'open') list = 'ended';
      continue;
    }
    const heading = headingOf(row);
    if (heading !== undefined) {
      topic = topicOf(heading);
      list = 'none';
      continue;
    }
    const isItem = ITEM.test(row);
    // What stands behind a list and apart from it is about something else.
    if (list === 'ended' && !isItem) topic = undefined;
    if (isItem) list = 'open';
    statements.push(...saidIn(row, topic));
    if (statements.length >= MOST_STATEMENTS) break;
  }
  return statements.slice(0, MOST_STATEMENTS);
}

function headingOf(row: string): string | undefined {
  if (row.length > MOST_OF_HEADING) return undefined;
  const marked = HEADING.exec(row)?.[1] ?? BOLD.exec(row)?.[1];
  if (marked !== undefined) return marked;
  return row.endsWith(':') && !ITEM.test(row) ? row.slice(0, -1) : undefined;
}

const BOXES: Record<string, Topic> = {
  x: 'completed',
  X: 'completed',
  ' ': 'next',
  '~': 'in_progress',
  '/': 'in_progress',
};

function saidIn(row: string, above: Topic | undefined): Statement[] {
  const [, box, item] = ITEM.exec(row) ?? [];
  const [, label, rest = ''] = LABEL.exec((item ?? row).slice(0, 4 * MOST_OF_STATEMENT)) ?? [];
  const labelled = label === undefined ? undefined : topicOf(label);
  const topic = labelled ?? (box === undefined ? undefined : BOXES[box]) ?? above;
  const said = labelled ? rest : (item ?? row);
  // An item of a list is one thing; running text is as many as it has sentences.
  const parts = item === undefined || labelled ? said.split(ENDS, MOST_STATEMENTS) : [said];
  return parts
    .map(part => line(part, MOST_OF_STATEMENT))
    .filter(part => part !== '')
    .map((part, n) => ({ text: part, ...(topic && !(labelled && n > 0 && !above) ? { topic } : {}) }));
}

/** "None" below a heading is no item. */
export const isNothing = (text: string) =>
  /^(?:none|nothing|n\/a|no|-+|keine)(?: so far| yet| at the moment)?[.!]?$/i.test(text);
