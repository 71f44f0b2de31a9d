import { isChosenWord } from '../prose-values.js';

/** Three to six words alone, as people keep them together. */
const PHRASE = /^\p{L}[\p{L}\d]*(?: [\p{L}\d]+){2,5}$/u;
const MOST_OF_PHRASE = 48;
const CODE = /["'`<>{}]/;

/**
 * Whether a text looks like a password that somebody made up: a word with digits or signs that is no name of a host, a
 * file or a ticket, or a few words alone.
 */
export function looksMadeUp(text: string): boolean {
  if (/\s/.test(text)) return text.length <= MOST_OF_PHRASE && PHRASE.test(text);
  return !CODE.test(text) && isChosenWord(text);
}
