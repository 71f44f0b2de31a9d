import { LRUCache } from 'lru-cache';
import { type KeyDecision, keyOfDecision } from '../compression/decisions.js';
import { type DecisionFacts, factsOf } from '../compression/supersession.js';
import { saysTheSame, type Shape, shapeOf } from '../text/similarity.js';

/** A shorter decision is the same only where it has the same words. */
const LEAST_OF_OTHER_WORDS = 40;
/** How much of two decisions must be the same. */
const ALIKE = 0.9;

/** What is found out of the text of a decision. */
export interface ReadDecision {
  key: string;
  shape: Shape;
  facts: DecisionFacts;
  isLong: boolean;
}

/** A decision of a conversation, read. */
export type Decided = KeyDecision & { at: string; read: ReadDecision };

const known = new LRUCache<string, ReadDecision>({ max: 5_000 });

/** Reads a decision once, however many it is compared with: before the unit that compares it has begun. */
export function readDecision(text: string): ReadDecision {
  const read = known.get(text) ?? {
    key: keyOfDecision(text),
    shape: shapeOf(text),
    facts: factsOf(text),
    isLong: text.length > LEAST_OF_OTHER_WORDS,
  };
  known.set(text, read);
  return read;
}

/** Whether a decision is one that is known, in about the same words. */
export function isSameDecision(one: ReadDecision, known: ReadDecision): boolean {
  return one.key === known.key || (known.isLong && saysTheSame(known.shape, one.shape, ALIKE));
}
