import { read, type Span, START, WHOLE } from './spans.js';
import { looksChosen } from './values.js';

/** A text of several lines in YAML (1.2.2, 8.1): those that follow and are as far in as the first. */
export const BLOCK = /[|>][-+\d]{0,2}[ \t]{0,16}\r?\n(?=[ \t])/y;
const INDENT = /[ \t]{1,64}/y;
const BREAKS = /(?:\r?\n[ \t]*)*\r?\n/y;

/** Whether the block that begins at `start` is the secret that the name at `name` announces, and no note. */
export function isSecretBlock(text: string, name: number, start: number): boolean {
  return beginsLine(text, name) && holdsSecret(text, start);
}

/** Whether nothing but the rest of a name, a quote or a hyphen of YAML stands before this place on its line. */
function beginsLine(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 80), at);
  return /(?:^|[\r\n])[ \t]{0,40}(?:- {1,4})?["']?[\w.-]{0,64}$/.test(before);
}

/** Whether a block is one word alone, or one of its lines a chosen one with at most one more: no note in words. */
function holdsSecret(text: string, at: number): boolean {
  const start = text.slice(at, at + 120);
  const { end } = blockAt(start, 0, WHOLE);
  const lines = start
    .slice(0, end)
    .trim()
    .split(/[\r\n]+[ \t]*/);
  const isChosen = (word: string) => word.length > 5 && /[A-Za-z]/.test(word) && looksChosen(word);
  return lines.some(line => {
    const words = line.split(/[ \t]+/, 3);
    return words.length < 3 && (lines.length + words.length === 2 || words.some(isChosen));
  });
}

/** The lines of a block; of `START` only what the first begins with. */
export function blockAt(text: string, at: number, values: typeof WHOLE): Span {
  const indent = read(INDENT, text, at);
  const start = at + indent.length;
  let end = start + read(values.line, text, start).length;
  if (values === START) return { start, end, goesOn: true };
  for (let breaks = read(BREAKS, text, end); breaks; breaks = read(BREAKS, text, end)) {
    const next = end + breaks.length;
    if (!text.startsWith(indent, next)) break;
    end = next + read(values.line, text, next).length;
  }
  return { start, end };
}
