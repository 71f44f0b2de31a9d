import { recencyOf, usageOf } from '../../compression/relevance.js';
import type { Tense } from '../../text/tense.js';
import type { Candidate } from '../candidate.js';
import type { RankOptions } from './rank.js';
import type { Weights } from './weights.js';

/** Questions about what was have nothing from how recent it is; those about what is, all of it; others half. */
const OF_RECENCY = { now: 1, past: 0, unknown: 0.5 } as const;

/** What importance, recency and usage leave of a score: 0.7 to 1. */
export function factorOf(
  { importance, at, row_id }: Candidate,
  tense: Tense,
  { now, half_life_days, uses }: Pick<RankOptions, 'now' | 'half_life_days' | 'uses'>,
  weights: Weights,
): number {
  const recency = weights.recency * OF_RECENCY[tense];
  const lost =
    weights.importance * (1 - importance / 10) +
    recency * (1 - recencyOf(at, now, half_life_days)) +
    weights.usage * (1 - usageOf(uses?.get(row_id) ?? 0));
  return 1 - lost;
}

/** Whether a row holds at a time: nothing has taken its place by then, and it has not expired. */
export function isCurrent(
  { superseded, superseded_at, expires_at }: Pick<Candidate, 'superseded' | 'superseded_at' | 'expires_at'>,
  now: Date,
): boolean {
  const isOver = (at: string | null) => at !== null && Date.parse(at) <= now.getTime();
  return !(superseded && (superseded_at === null || isOver(superseded_at))) && !isOver(expires_at);
}
