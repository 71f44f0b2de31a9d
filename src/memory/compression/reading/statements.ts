import { asRead, withoutHostMarkup } from '../../text/markup.js';
import { line } from '../../text/plain.js';
import { isBare, type Topic, topicOf } from './topics.js';
import { sentencesOf } from './sentences.js';

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

const HEADING = /^#{1,6}\s+(.*)$/s;
const BOLD = /^\*\*([^*]+)\*\*:?$/;
const ITEM = /^(?:[-*+•]|\d{1,3}[.)])\s+(?:\[([ xX~/-])\]\s*)?(.*)$/s;
/** An item that is a heading of its own, as numbered summaries have them. */
const HEADING_ITEM = /^(?:\d{1,2}[.)]|[-*])\s+(?:\*\*)?([\p{L}][\p{L} /&-]{1,60}):(?:\*\*)?$/u;
const LABEL = /^(?:\*\*)?([\p{L}][\p{L} -]{1,40}?)(?:\*\*)?(?: \([^()]{1,40}\))?:(?:\*\*)?\s+(\S.*)$/su;
/** A label in words: `The next step is to …`. */
const LABEL_IN_WORDS =
  /^(?:(?:the|my|our|and|so|then),? )*(next (?:steps?|actions?)|remaining (?:steps?|work|tasks?))(?: now)? (?:is|are|would be|will be)(?: to)?:? (?=\S)/i;
/** Where a label may stand inside of a sentence. */
const LABEL_INSIDE = /(?:;|,|\s[-–—])\s+(?=(?:\*\*)?\p{L}[\p{L} -]{1,40}(?:\*\*)?:(?:\*\*)?\s)/gu;
/** In indented code it is a comment. */
const INDENTED_HEADING = /^(?: {4}|\t)\s*#/;
const FENCE = /^(?:```|~~~)/;
const RULED = /^\|?[\s:|-]+\|?$/;

/**
 * What a text says, in its order; code between fences and what is quoted say nothing. Takes time in proportion to the
 * length.
 */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let topic: Topic | undefined;
  let isCode = false;
  let list: 'none' | 'open' | 'ended' = 'none';
  for (const raw of withoutHostMarkup(text.slice(0, MOST_CHARACTERS)).split('\n')) {
    const row = raw.trim();
    if (FENCE.test(row)) isCode = !isCode;
    if (isCode || FENCE.test(row) || row.startsWith('>') || INDENTED_HEADING.test(raw)) continue;
    if (row === '') {
      if (list === 'open') list = 'ended';
      continue;
    }
    const heading = headingOf(row);
    if (heading !== undefined) {
      topic = topicOf(heading);
      list = 'none';
      // A sentence that leads to what is below says something itself.
      if (topic === undefined && row.endsWith(':') && heading.includes(' '))
        statements.push(...saidIn(heading, undefined));
      continue;
    }
    const isItem = ITEM.test(row);
    // What stands behind a list and apart from it is about something else.
    if (list === 'ended' && !isItem) topic = undefined;
    if (isItem) list = 'open';
    statements.push(...(row.startsWith('|') ? inTable(row) : saidIn(row, topic)));
    if (statements.length >= MOST_STATEMENTS) break;
  }
  return statements.slice(0, MOST_STATEMENTS);
}

function headingOf(row: string): string | undefined {
  if (row.length > MOST_OF_HEADING) return undefined;
  const marked = (HEADING.exec(row) ?? BOLD.exec(row) ?? HEADING_ITEM.exec(row))?.[1];
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
  const said = item ?? row;
  const topic = (box === undefined ? undefined : BOXES[box]) ?? above;
  const first = labelled(said);
  // An item of a list is one thing; running text is as many as it has sentences.
  const sentences = item === undefined || first ? sentencesOf(said, MOST_STATEMENTS) : [said];
  const parts = sentences.flatMap(atLabels);
  return parts.flatMap(part => {
    const own = labelled(part);
    return statement(own?.text ?? part, own?.topic ?? topic);
  });
}

/** A sentence before and behind each label inside of it that announces something. */
function atLabels(sentence: string): string[] {
  const parts: string[] = [];
  let begin = 0;
  for (const { index, 0: joint } of sentence.slice(0, 8 * MOST_OF_STATEMENT).matchAll(LABEL_INSIDE)) {
    const after = index + joint.length;
    const label = LABEL.exec(sentence.slice(after, after + MOST_OF_HEADING) + ' .')?.[1] ?? '';
    if (!isBare(label)) continue;
    parts.push(sentence.slice(begin, index));
    begin = after;
  }
  return [...parts, sentence.slice(begin)];
}

/** What a label in front announces; one that says more than its topic stays. `Next: Remaining: …` announces it twice. */
function labelled(part: string): { topic: Topic; text: string } | undefined {
  const first = labelOf(part);
  const second = first && labelOf(first.text);
  return second?.topic === first?.topic ? second : first;
}

function labelOf(part: string): { topic: Topic; text: string } | undefined {
  const inWords = LABEL_IN_WORDS.exec(part);
  if (inWords) return { topic: 'next', text: part.slice(inWords[0].length) };
  const [, label = '', rest = ''] = LABEL.exec(part.slice(0, 8 * MOST_OF_STATEMENT)) ?? [];
  const topic = topicOf(label);
  return topic && { topic, text: isBare(label) ? rest : part };
}

/** A row of a table: a cell that is a state tells of the others. */
function inTable(row: string): Statement[] {
  if (RULED.test(row.slice(0, MOST_OF_STATEMENT))) return [];
  const cells = row
    .slice(0, 8 * MOST_OF_STATEMENT)
    .split('|')
    .map(one => one.trim())
    .filter(Boolean);
  const state = cells.find(cell => isBare(cell));
  if (state === undefined || cells.length === 1) return statement(cells.join(': '), undefined);
  return statement(cells.filter(one => one !== state).join(': '), topicOf(state));
}

function statement(said: string, topic: Topic | undefined): Statement[] {
  const text = line(asRead(said.slice(0, 8 * MOST_OF_STATEMENT)), MOST_OF_STATEMENT);
  return /[\p{L}\p{N}]/u.test(text) || topic !== undefined ? [{ text, ...(topic && { topic }) }] : [];
}
