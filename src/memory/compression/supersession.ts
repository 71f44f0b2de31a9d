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
  const adopting = known.filter(one => {
    const adopted = one.at < newer.at ? factsOf(one).adopted : null;
    return adopted !== null && terms.every(term => adopted.has(term));
  });
  return adopting.length === 1 ? adopting[0] : undefined;
}

/** What is found out of a decision once, however many are compared with it. */
const facts = new WeakMap<KnownDecision, { replaces: string | null; adopted: ReadonlySet<string> | null }>();

function factsOf(known: KnownDecision): { replaces: string | null; adopted: ReadonlySet<string> | null } {
  const found = facts.get(known);
  if (found) return found;
  const replaces = extractKeyDecisions(`Decision: ${known.text}`)[0]?.replaces ?? null;
  const made = { replaces, adopted: adoptedBy(known.text, replaces) };
  facts.set(known, made);
  return made;
}

/** What a decision that was logged says that it replaces. */
export function replacesOf(known: KnownDecision): string | null {
  return factsOf(known).replaces;
}

/** What a decision brings in; null for one that only keeps something away. */
function adoptedBy(text: string, replaces: string | null): ReadonlySet<string> | null {
  const said = replaces === null ? text : text.replace(replaces, () => ' ');
  const verb = ADOPTS.exec(said);
  if (!verb || /\b(?:not|never|no longer|don't|won't)\b/i.test(said)) return null;
  return new Set(subjectsOf(said.slice(verb.index)));
}

const subjectsOf = (text: string) => {
  const { words, names } = termsOf(text);
  return [...new Set([...words, ...names])];
};
