import { termsOf } from '../text/terms.js';

/** So much of what a blocker or a plan says must be in what says that it is settled. */
const SETTLES = 0.6;
/** Words that say nothing of what an item is about. */
const FRAME = new Set([
  'block',
  'blocker',
  'wait',
  'resolv',
  'need',
  'still',
  'next',
  'done',
  'fix',
  'longer',
  'todo',
]);

/** The items that none of these says is settled. */
export function unsettled(items: readonly string[], settling: readonly string[]): string[] {
  if (settling.length === 0) return [...items];
  const said = settling.map(one => new Set(wordsOf(one)));
  return items.filter(one => {
    const words = wordsOf(one);
    return !said.some(known => words.length > 0 && shareOf(words, known) >= SETTLES);
  });
}

const wordsOf = (text: string) => [...new Set(termsOf(text).words)].filter(word => !FRAME.has(word));
const shareOf = (words: readonly string[], known: ReadonlySet<string>) =>
  words.filter(word => known.has(word)).length / words.length;
