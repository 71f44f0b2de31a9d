import { fold } from './terms.js';

/** Characters of a snippet, and of what stands before the word in it. */
const MOST = 160;
const BEFORE = 40;

/** One line of a text around the first of some folded words. */
export function snippetOf(text: string, words: readonly string[]): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const characters = [...line];
  if (characters.length <= MOST) return line;
  // Folding may change lengths: then the place is a little off.
  const folded = fold(line);
  const places = words.map(word => folded.indexOf(word)).filter(at => at >= 0);
  const at = places.length > 0 ? Math.min(...places) : 0;
  const from = Math.max(0, Math.min(at - BEFORE, characters.length - MOST));
  const part = characters.slice(from, from + MOST).join('');
  return `${from > 0 ? '… ' : ''}${part.trim()}${from + MOST < characters.length ? ' …' : ''}`;
}
