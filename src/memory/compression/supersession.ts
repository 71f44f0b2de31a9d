import { termsOf } from '../text/terms.js';
import { extractKeyDecisions, type KeyDecision } from './decisions.js';

/** A decision that was logged. */
export interface KnownDecision {
  id: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

const ADOPTS =
  /\b(?:use[sd]?|using|go(?:es|ing)? with|went with|chose|choose|runs?|(?:switch|mov|migrat)\w* to|stay with|rel(?:y|ies) on|on|with|by|via)\b/i;

/**
 * The one older decision that a newer one takes the place of, where that is certain: it says what it replaces, and
 * among the older ones there is exactly one that adopted this. Otherwise none.
 */
export function replacedDecision<T extends KnownDecision>(
  newer: Pick<KeyDecision, 'replaces'> & { at: string },
  known: readonly T[],
): T | undefined {
  const terms = newer.replaces === null ? [] : subjectsOf(newer.replaces);
  if (terms.length === 0) return undefined;
  const adopting = known.filter(one => one.at < newer.at && adopts(one.text, terms));
  return adopting.length === 1 ? adopting[0] : undefined;
}

/** What a decision that was logged says that it replaces. */
export function replacesOf(text: string): string | null {
  return extractKeyDecisions(`Decision: ${text}`)[0]?.replaces ?? null;
}

function adopts(text: string, terms: readonly string[]): boolean {
  const replaced = replacesOf(text);
  const said = replaced === null ? text : text.replace(replaced, ' ');
  const verb = ADOPTS.exec(said);
  if (!verb || /\b(?:not|never|no longer|don't|won't)\b/i.test(said)) return false;
  const words = new Set(subjectsOf(said.slice(verb.index)));
  return terms.every(one => words.has(one));
}

const subjectsOf = (text: string) => {
  const { words, names } = termsOf(text);
  return [...new Set([...words, ...names])];
};
