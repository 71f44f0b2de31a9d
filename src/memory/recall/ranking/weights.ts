import type { Speech } from '../../text/speech.js';

/**
 * What the parts of a score weigh. Chosen on one half of the conversations of `bench/recall`, measured on the other:
 * nothing here may be changed without it.
 */
export interface Weights {
  /** The constants of BM25 (Robertson and Zaragoza 2009): turns are short, and long ones say more. */
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
  /** What is said, what is asked, and what a tool did: by what the whole is multiplied. */
  speech: Readonly<Record<Speech, number>>;
  /** Of a whole score: together at most 0.3. */
  importance: number;
  recency: number;
  usage: number;
}

export const WEIGHTS: Weights = {
  k1: 0.7,
  b: 0.4,
  before: [0.8, 0.4],
  after: [0.25, 0.12],
  conversation: 0.15,
  names: 0.2,
  dates: 0.2,
  client: 0.3,
  tag: 0.15,
  speech: { statement: 1, question: 0.3, tool: 0.3 },
  importance: 0.05,
  recency: 0.2,
  usage: 0.05,
};
