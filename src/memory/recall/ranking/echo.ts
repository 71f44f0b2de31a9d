import { isDateToken } from '../../text/token-spelling.js';
import type { Candidate } from '../candidate.js';
import type { QueryTokens } from '../entry-terms.js';

/** The turns that have nothing but terms of the question: who said one had as much to say as who asks now. */
export function echoesIn(
  candidates: readonly Candidate[],
  { words, names, dates }: QueryTokens,
): Set<Candidate> {
  const asked = new Set([...words, ...names, ...dates]);
  const isNew = (term: string) => !asked.has(term) && !isDateToken(term);
  return new Set(candidates.filter(one => one.session_key !== null && !one.terms.some(isNew)));
}
