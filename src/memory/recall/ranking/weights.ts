/**
 * What the parts of a score weigh. Chosen on one half of the conversations of `bench/recall`, measured on the other:
 * nothing here may be changed without it.
 */
export interface Weights {
  /** BM25's own constants (Robertson and Zaragoza 2009). */
  k1: number;
  b: number;
  /** How much a term counts that was said one and two turns before; an answer has the words of its question there. */
  before: readonly number[];
  /** The same of what was said one and two turns after. */
  after: readonly number[];
  /** How much a term counts that is anywhere else in the conversation. */
  conversation: number;
  /** For all of the exact names of the question. */
  names: number;
  /** For all of the dates of the question. */
  dates: number;
  /** For being of a client that the question names. */
  client: number;
  /** For a tag that the question names. */
  tag: number;
  /** Of a whole score: together at most 0.3. */
  importance: number;
  recency: number;
  usage: number;
}

export const WEIGHTS: Weights = {
  k1: 1.2,
  b: 0.75,
  before: [0.5, 0.25],
  after: [0.3, 0.15],
  conversation: 0.15,
  names: 0.2,
  dates: 0.2,
  client: 0.2,
  tag: 0.15,
  importance: 0.1,
  recency: 0.15,
  usage: 0.05,
};
