import type { Candidate } from '../candidates.service.js';
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

/** Of each candidate, in their order, what it has of the terms; every term is counted once, where it is strongest. */
export function presencesOf(
  candidates: readonly Candidate[],
  terms: readonly string[],
  weights: Weights,
): Presence[] {
  const average = candidates.reduce((sum, { length }) => sum + length, 0) / Math.max(1, candidates.length);
  const numbers = new Map(terms.map((term, n) => [term, n]));
  const all = candidates.map(one => ownOf(one, numbers, average, weights));
  const conversations = new Map<string, { places: Map<number, number>; best: Float64Array }>();
  candidates.forEach((one, n) => {
    if (one.session_key === null) return;
    const key = conversationOf(one);
    const known = conversations.get(key) ?? { places: new Map(), best: new Float64Array(terms.length) };
    conversations.set(key, known);
    if (one.sequence !== null) known.places.set(one.sequence, n);
    raise(known.best, all[n] as Float64Array, 1);
  });
  return candidates.map((one, n): Presence => {
    const own = all[n] as Float64Array;
    const near = new Float64Array(terms.length);
    const known = one.session_key === null ? undefined : conversations.get(conversationOf(one));
    if (!known) return { own, near, conversation: near };
    if (one.sequence !== null)
      for (const [side, step] of [[weights.before, -1], [weights.after, 1]] as const)
        side.forEach((weight, distance) => {
          const at = known.places.get((one.sequence as number) + step * (distance + 1));
          if (at !== undefined) raise(near, all[at] as Float64Array, weight);
        }); // prettier-ignore
    return { own, near, conversation: known.best };
  });
}

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
