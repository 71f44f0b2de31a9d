import type { Candidate } from '../candidate.js';
import type { Weights } from './weights.js';

/** How much of a question an entry has: for each term of it a number, where 1 is once in an entry of average length. */
export interface Presence {
  own: Float64Array;
  /** From what was said around it, weighed by the distance. */
  near: Float64Array;
  /** From anywhere in its conversation. */
  conversation: Float64Array;
}

/** The conversation of an entry; the same name with another client is another one. */
const conversationOf = ({ client_id, session_key }: Candidate) => `${client_id}\n${session_key}`;

/** What is known of how the candidates follow each other, and which of them only repeat the question. */
interface Said {
  /** By their number `n`, that of the one that was said next in the conversation. */
  following?: ReadonlyMap<number, number>;
  echoes: ReadonlySet<Candidate>;
}

/** Of each candidate, in their order, what it has of the terms; every term is counted once, where it is strongest. */
export function presencesOf(
  candidates: readonly Candidate[],
  terms: readonly string[],
  weights: Weights,
  { following = new Map(), echoes }: Said,
): Presence[] {
  const average = candidates.reduce((sum, { length }) => sum + length, 0) / Math.max(1, candidates.length);
  const numbers = new Map(terms.map((term, n) => [term, n]));
  const all = candidates.map(one => ownOf(one, numbers, average, weights));
  // What is asked again leads to its answer; another prompt that is repeated, to nothing.
  const telling = all.map((own, n) =>
    isChore(candidates[n] as Candidate, echoes) ? new Float64Array(terms.length) : own,
  );
  const conversations = new Map<string, Float64Array>();
  candidates.forEach((one, n) => {
    if (one.session_key === null) return;
    const best = conversations.get(conversationOf(one)) ?? new Float64Array(terms.length);
    conversations.set(conversationOf(one), best);
    raise(best, telling[n] as Float64Array, 1);
  });
  const places = new Map(candidates.map((one, n) => [one.n, n]));
  const preceding = new Map([...following].map(([one, next]) => [next, one]));
  return candidates.map((one, n): Presence => {
    const own = all[n] as Float64Array;
    const near = new Float64Array(terms.length);
    const conversation = one.session_key === null ? undefined : conversations.get(conversationOf(one));
    if (!conversation) return { own, near, conversation: near };
    for (const [side, links] of [[weights.before, preceding], [weights.after, following]] as const) {
      let at: number | undefined = one.n;
      for (const weight of side) {
        at = at === undefined ? undefined : links.get(at);
        const place = at === undefined ? undefined : places.get(at);
        if (place !== undefined) raise(near, telling[place] as Float64Array, weight);
      }
    } // prettier-ignore
    return { own, near, conversation };
  });
}

const isChore = (one: Candidate, echoes: ReadonlySet<Candidate>) =>
  echoes.has(one) && one.speech !== 'question';

function ownOf(
  { terms, length }: Candidate,
  numbers: ReadonlyMap<string, number>,
  average: number,
  { k1, b }: Weights,
): Float64Array {
  const own = new Float64Array(numbers.size);
  for (const term of terms) {
    const n = numbers.get(term);
    if (n !== undefined) own[n] = (own[n] ?? 0) + 1;
  }
  const norm = k1 * (1 - b + (b * length) / Math.max(1, average));
  return own.map(count => (count === 0 ? 0 : (count * (k1 + 1)) / (count + norm)));
}

function raise(target: Float64Array, source: Float64Array, weight: number): void {
  for (let n = 0; n < target.length; n++) {
    const value = weight * Math.min(1, source[n] as number);
    if (value > (target[n] as number)) target[n] = value;
  }
}
