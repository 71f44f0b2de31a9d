import { recencyOf } from '../compression/relevance.js';
import type { Candidate } from './candidates.service.js';
import type { QueryTokens } from './entry-terms.js';

/** Why an entry has its score: parts of 10. */
export interface ScoreParts {
  /** BM25 of its terms, as a share of what an entry with all of them once would have. */
  terms: number;
  /** From what was said just before and after it. */
  neighbours: number;
  /** From the rest of its conversation. */
  conversation: number;
  /** Exact names and dates of the question that it has. */
  names: number;
  /** What importance and recency multiply it by: 0.75 to 1. */
  factor: number;
  /** By what is superseded or expired is multiplied. */
  standing: number;
}

export interface Ranked {
  candidate: Candidate;
  /** 0 to 10. */
  score: number;
  parts: ScoreParts;
}

export interface RankOptions {
  documents: ReadonlyMap<string, number>;
  total: number;
  now: Date;
  half_life_days: number;
}

/** BM25's own constants (Robertson and Zaragoza 2009). */
const [K1, B] = [1.2, 0.75];
/** How much of the share of a neighbour counts, by its distance. */
const NEIGHBOURS = [0.5, 0.25];
const OF_NEIGHBOURS = 0.3;
const OF_CONVERSATION = 0.15;
const OF_NAMES = 0.2;
/** The weights of importance and recency: together at most a quarter of a score. */
const [IMPORTANCE, RECENCY] = [0.1, 0.15];
const NO_LONGER = 0.5;

/** Best first; of equal ones the newest. */
export function rank(candidates: readonly Candidate[], query: QueryTokens, options: RankOptions): Ranked[] {
  const weights = weightsOf(query, options);
  const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const average = candidates.reduce((sum, { length }) => sum + length, 0) / Math.max(1, candidates.length);
  const shares = new Map(candidates.map(one => [one, shareOf(one, weights, average) / all]));
  const near = neighboursOf(candidates, shares);
  const whole = conversationsOf(candidates, shares);
  const ranked = candidates.map((candidate): Ranked => {
    const parts: ScoreParts = {
      terms: shares.get(candidate) ?? 0,
      neighbours: OF_NEIGHBOURS * (near.get(candidate) ?? 0),
      conversation: OF_CONVERSATION * (whole.get(candidate.session_key ?? '') ?? 0),
      names: OF_NAMES * namesIn(candidate, query),
      factor: factorOf(candidate, options),
      standing: isCurrent(candidate, options.now) ? 1 : NO_LONGER,
    };
    const sum = parts.terms + parts.neighbours + parts.conversation + parts.names;
    return { candidate, score: 10 * Math.min(1, sum) * parts.factor * parts.standing, parts };
  });
  return ranked.sort((a, b) => b.score - a.score || b.candidate.n - a.candidate.n);
}

/** Inverse document frequencies, as Lucene has them: always above 0. */
function weightsOf(query: QueryTokens, { documents, total }: RankOptions): Map<string, number> {
  const terms = [...query.words, ...query.names, ...query.dates];
  return new Map(
    terms.map(term => {
      const having = Math.min(total, documents.get(term) ?? 0);
      return [term, Math.log(1 + (total - having + 0.5) / (having + 0.5))];
    }),
  );
}

function shareOf(
  { terms, length }: Candidate,
  weights: ReadonlyMap<string, number>,
  average: number,
): number {
  const counts = new Map<string, number>();
  for (const term of terms) if (weights.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  let sum = 0;
  for (const [term, count] of counts)
    sum += ((weights.get(term) ?? 0) * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / average));
  return sum;
}

function neighboursOf(
  candidates: readonly Candidate[],
  shares: ReadonlyMap<Candidate, number>,
): Map<Candidate, number> {
  const place = (key: string | null, sequence: number) => `${key}\n${sequence}`;
  const placed = new Map<string, Candidate>();
  for (const one of candidates)
    if (one.sequence !== null) placed.set(place(one.session_key, one.sequence), one);
  const gains = new Map<Candidate, number>();
  for (const one of placed.values()) {
    let gain = 0;
    NEIGHBOURS.forEach((weight, distance) => {
      const at = (step: number) => placed.get(place(one.session_key, (one.sequence ?? 0) + step));
      const [before, after] = [at(-distance - 1), at(distance + 1)];
      gain += weight * Math.max(before ? (shares.get(before) ?? 0) : 0, after ? (shares.get(after) ?? 0) : 0);
    });
    gains.set(one, gain);
  }
  return gains;
}

/** Of each conversation, the best share of its entries. */
function conversationsOf(
  candidates: readonly Candidate[],
  shares: ReadonlyMap<Candidate, number>,
): Map<string, number> {
  const best = new Map<string, number>();
  for (const one of candidates)
    if (one.session_key !== null)
      best.set(one.session_key, Math.max(best.get(one.session_key) ?? 0, shares.get(one) ?? 0));
  return best;
}

/** The share of the names and dates of the question that an entry has. */
function namesIn({ terms }: Candidate, { names, dates }: QueryTokens): number {
  const asked = [...names, ...dates];
  if (asked.length === 0) return 0;
  const own = new Set(terms);
  return asked.filter(one => own.has(one)).length / asked.length;
}

function factorOf({ importance, at }: Candidate, { now, half_life_days }: RankOptions): number {
  const own = IMPORTANCE * (importance / 10);
  return 1 - IMPORTANCE - RECENCY + own + RECENCY * recencyOf(at, now, half_life_days);
}

/** Whether a row holds: nothing has taken its place, and it has not expired. */
export function isCurrent(
  { superseded, expires_at }: Pick<Candidate, 'superseded' | 'expires_at'>,
  now: Date,
): boolean {
  return !superseded && (expires_at === null || Date.parse(expires_at) > now.getTime());
}
