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

/** What ends the use of something is about it, and is to be done all the same. */
const ENDS =
  /\b(?:cancel|remove|delete|migrat|mov|switch|replac|export|uninstall|decommission|shut|turn off|disable|terminat|kündig|lösch|entfern|abschalt|abbau|umstell|umzieh)/i;

/** The plans that are not about what has been replaced, in the words of who replaced it. */
export function stillMeant(plans: readonly string[], replaced: readonly string[]): string[] {
  const gone = replaced.map(wordsOf).filter(words => words.length > 0);
  if (gone.length === 0) return [...plans];
  return plans.filter(plan => {
    const words = new Set(wordsOf(plan));
    return ENDS.test(plan) || !gone.some(one => one.every(word => words.has(word)));
  });
}

const wordsOf = (text: string) => [...new Set(termsOf(text).words)].filter(word => !FRAME.has(word));
const shareOf = (words: readonly string[], known: ReadonlySet<string>) =>
  words.filter(word => known.has(word)).length / words.length;
