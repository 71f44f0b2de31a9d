import { termsOf } from './terms.js';

const LENGTH = 3;
const NEGATION = /^(?:no|not|nor|never|without|none|cannot|isn|fail)$/;

/** What tells whether two texts say the same. */
export interface Shape {
  shingles: Set<string>;
  /** Numbers and names, and how often it is denied: what differs in these says something else. */
  guard: string;
}

/** The shape of a text: its runs of three stems, its numbers, names and negations. */
export function shapeOf(text: string): Shape {
  const { words, names } = termsOf(text);
  const shingles = new Set<string>();
  for (let n = 0; n === 0 || n + LENGTH <= words.length; n++)
    shingles.add(words.slice(n, n + LENGTH).join(' '));
  const numbers = words.filter(word => /\d/.test(word));
  const denied = words.filter(word => NEGATION.test(word)).length;
  return { shingles, guard: `${[...new Set([...numbers, ...names])].sort().join(' ')}|${denied}` };
}

/** So much of each end of a text is looked at. */
const MOST_OF_END = 2_000;

/** The shape of a text of any length by its beginning and its end, so that it is made in no time. */
export function shapeOfEnds(text: string): Shape {
  const isLong = text.length > 2 * MOST_OF_END;
  return shapeOf(isLong ? `${text.slice(0, MOST_OF_END)}\n${text.slice(-MOST_OF_END)}` : text);
}

/**
 * How much two texts have in common, from 0 to 1: the share of the shingles of the shorter that the longer has
 * (containment, Broder 1997).
 */
function containment(one: Shape, other: Shape): number {
  const [few, many] = one.shingles.size <= other.shingles.size ? [one, other] : [other, one];
  let common = 0;
  for (const shingle of few.shingles) if (many.shingles.has(shingle)) common++;
  return common / few.shingles.size;
}

/** Whether two texts say the same in about the same words: no number, name or negation may differ. */
export function saysTheSame(one: Shape, other: Shape, least = 0.8): boolean {
  return one.guard === other.guard && containment(one, other) >= least;
}

/** Whether one of some shapes says the same as another one. */
export const isSaidBy = (shapes: readonly Shape[], shape: Shape): boolean =>
  shapes.some(one => saysTheSame(one, shape));
