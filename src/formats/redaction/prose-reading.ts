import { read, type Span } from './spans.js';

/** A word of a sentence, where it stands without the marks around it. */
export interface Word extends Span {
  /** In lower case and without quotes, with the colon or full stop behind it. */
  said: string;
  /** Without what ends or closes anything. */
  bare: string;
  /** Where the next word may begin. */
  next: number;
}

const GAP = /[ \t]{0,4}/y;
const LINE_GAP = /[ \t]{0,4}(?:\r?\n[ \t]{0,8})?/y;
const OPENING = /(?:["'`*_(“”„«»‚‘’]|\[(?!redacted:)){1,4}/y;
const MASKED = /^\[redacted:[a-z_]{1,30}\]/;
/** What is longer is no word of a sentence. */
const MOST = 160;
const WORD = /\S{1,160}/y;
const ENDS = /(?:[.,;:…"'`)\]}>”“»‘’]|\*\*|__|(?<=[*_"'`)”“»])[!?])+$/;
const MARKS = /["'`*_)\]”“»‘’]+(?=[.,:;!?]?$)/;
/** What closes a quote, and what stands within. */
const QUOTES: Record<string, RegExp> = {
  '"': /[^"\r\n]{1,128}(?=")/y,
  '`': /[^`\r\n]{1,128}(?=`)/y,
  '“': /[^“”\r\n]{1,128}(?=[”“])/y,
  '„': /[^“”\r\n]{1,128}(?=[”“])/y,
  '«': /[^»\r\n]{1,128}(?=»)/y,
};

/** The word at this place, or behind the space there; with `overLines` also the first of the next line. */
export function wordAt(text: string, at: number, overLines = false): Word | undefined {
  const from = at + read(overLines ? LINE_GAP : GAP, text, at).length;
  const opening = read(OPENING, text, from);
  const start = from + opening.length;
  const token = read(WORD, text, start);
  if (token === '' || token.length === MOST) return undefined;
  const emphasis = /^[*_]$/.test(opening) && token.replace(/[.,;:]+$/, '').endsWith(opening) ? opening : '';
  const ended = MASKED.exec(token)?.[0] ?? token.replace(ENDS, '');
  const bare = emphasis && ended.endsWith(emphasis) ? ended.slice(0, -1) : ended;
  return {
    start,
    end: start + bare.length,
    bare,
    said: token.toLowerCase().replace(MARKS, ''),
    next: start + token.length,
  };
}

/** What stands between quotes that open before this word, when it is more than the word. */
export function quotedAt(text: string, { start }: Word): Span | undefined {
  const inner = QUOTES[text.charAt(start - 1)];
  const quoted = inner ? read(inner, text, start) : '';
  return quoted && !quoted.includes('[redacted:') ? { start, end: start + quoted.length } : undefined;
}

/** The word that ends at this place. */
export function wordBefore(text: string, at: number): Word | undefined {
  let from = at;
  while (from > 0 && at - from < MOST && !/\s/.test(text.charAt(from - 1))) from--;
  return from < at ? wordAt(text, from) : undefined;
}
