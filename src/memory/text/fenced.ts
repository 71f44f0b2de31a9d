import { withoutTags } from '../../formats/recalled.js';

/** What ends a line anywhere: CR, LF, and what Unicode and terminals take for it. */
const ENDS = /[\r\n\v\f\u0085\u2028\u2029]+/;
/** What is not seen, and what turns the direction of a text. */
const UNSEEN = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/gu;

/**
 * The lines of a text that say something, as they can stand in an answer: nothing in them ends it, hides, or reads as a
 * tag.
 */
export function linesIn(text: string): string[] {
  return text
    .split(ENDS)
    .map(line => withoutTags(line.replace(UNSEEN, ' ')).trimEnd())
    .filter(line => line.trim() !== '');
}

/** A text in one line, as it can stand in an answer. */
export function oneLine(text: string): string {
  return linesIn(text).join(' ').replace(/\s+/gu, ' ').trim();
}

/**
 * A stored text below the line that tells of it, so that no line of it can be taken for another one of the answer: one
 * line goes on that line, more of them are quoted each.
 */
export function fenced(text: string): string {
  const lines = linesIn(text);
  return lines.length > 1 ? lines.map(line => `\n  > ${line}`).join('') : ` ${lines.join('').trim()}`;
}
