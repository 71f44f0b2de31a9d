import { clipped } from '../text/clipped.js';
import { fenced, oneLine } from '../text/fenced.js';
import { isSaidIn } from '../text/said-in.js';
import { isSaidBy, type Shape, shapeOfEnds } from '../text/similarity.js';

/** A row of the memory as it is said to an assistant. */
export interface InjectionItem {
  id: string;
  type: string;
  title?: string | null;
  text: string;
  /** ISO 8601. */
  at: string;
  /** 0 to 10. */
  score?: number;
  /** Such as `superseded` or `expired`. */
  label?: string | null;
}

export interface Injection {
  markdown: string;
  /** An estimate. */
  tokens: number;
  /** Of the items that are in it, in their order. */
  ids: string[];
  /** For which there was no room. */
  left_out: number;
}

const HEADING = '## From memory';
const MOST_OF_LINE = 160;
/** So much of a text is looked through for its title. */
const MOST_READ = 2_000;
/** Of an item that does not fit whole, at least so much of its text is worth having. */
const LEAST_CHARACTERS = 80;
/** An id of 36 characters costs as much as a sentence: its end tells it from the others of an answer. */
const SHORT_ID = 8;

const SHORT_TYPES: Record<string, string> = {
  conversation_context: 'context',
  context_snippet: 'note',
  conversation_turn: 'said',
  decision_log: 'decision',
  problem_solution: 'solution',
  project_state: 'state',
};

/**
 * The items, best first, inside a budget of tokens, as dated facts: a heading, then for each a line with date, type,
 * score and the end of its id, and the text; more than one line of it are quoted below, so that no text can pass for
 * another item. What says the same as one before is left out; of one that does not fit whole, its beginning is
 * there where that is worth having.
 *
 * @param tokensOf how many tokens a text has
 */
export function formatForInjection(
  items: readonly InjectionItem[],
  maxTokens: number,
  tokensOf: (text: string) => number,
): Injection {
  const shapes: Shape[] = [];
  const distinct = items.filter(({ title, text }) => {
    const shape = shapeOfEnds(title ? `${title}\n${text}` : text);
    if (isSaidBy(shapes, shape)) return false;
    shapes.push(shape);
    return true;
  });
  return formatDistinct(distinct, maxTokens, tokensOf);
}

/** As `formatForInjection`, of items that all say something else. */
export function formatDistinct(
  distinct: readonly InjectionItem[],
  maxTokens: number,
  tokensOf: (text: string) => number,
): Injection {
  let room = maxTokens - tokensOf(HEADING);
  const parts: { text: string; id: string }[] = [];
  for (const item of distinct) {
    const part = fitting(item, room, tokensOf);
    if (part === undefined) continue;
    room -= tokensOf(part);
    parts.push({ text: part, id: item.id });
  }
  const markdown = parts.length === 0 ? '' : [HEADING, ...parts.map(({ text }) => text)].join('\n');
  return {
    markdown,
    tokens: parts.length === 0 ? 0 : maxTokens - room,
    ids: parts.map(({ id }) => id),
    left_out: distinct.length - parts.length,
  };
}

function fitting(item: InjectionItem, room: number, tokensOf: (text: string) => number): string | undefined {
  const whole = said(item, item.text);
  if (tokensOf(whole) <= room) return whole;
  const perToken = whole.length / tokensOf(whole);
  for (
    let most = Math.floor(room * perToken) - (whole.length - item.text.length);
    most >= LEAST_CHARACTERS;
    most -= 40
  ) {
    const part = said(item, clipped(item.text, most));
    if (tokensOf(part) <= room) return part;
  }
  return undefined;
}

function said({ id, type, title, at, score, label }: InjectionItem, text: string): string {
  const facts = [at.slice(0, 10), SHORT_TYPES[type] ?? type.replaceAll('_', ' '), label, score?.toFixed(0), id.slice(-SHORT_ID)]
    .flatMap(part => oneLine(part ?? '') || [])
    .join(' '); // prettier-ignore
  // A title that was made of the text costs twice what it says once.
  const head = title && !isSaidIn(title, text.slice(0, MOST_READ)) ? oneLine(title) : '';
  return `- ${facts}:${head && ` **${clipped(head, MOST_OF_LINE)}**`}${fenced(text)}`.trimEnd();
}
