import { recencyOf, usageOf } from '../../compression/relevance.js';
import type { Candidate } from '../candidates.service.js';
import type { QueryTokens } from '../entry-terms.js';
import { type Presence, presencesOf } from './presence.js';
import { type Weights, WEIGHTS } from './weights.js';

/** Why an entry has its score. */
export interface ScoreParts {
  /** BM25 of its terms, as a share of what an entry with all of them once would have. */
  terms: number;
  /** From what was said just before and after it. */
  neighbours: number;
  /** From the rest of its conversation. */
  conversation: number;
  /** Exact names and dates of the question that it has, the client and the tags that it names. */
  names: number;
  /** What importance, recency and usage multiply it by: 0.7 to 1. */
  factor: number;
  /** By what is superseded or expired is multiplied. */
  standing: number;
  /** Points that it has because it took the place of an entry that has more. */
  replaces?: number;
}

export interface Ranked {
  candidate: Candidate;
  /** 0 to 10. */
  score: number;
  parts: ScoreParts;
}

/** What is known beside the question and the entries; all of it optional but the first four. */
export interface RankOptions {
  documents: ReadonlyMap<string, number>;
  total: number;
  now: Date;
  half_life_days: number;
  /** How often each row was used, by its id. */
  uses?: ReadonlyMap<string, number>;
  /** Clients that the question names. */
  clients?: ReadonlySet<string>;
  /** Rows that have a tag which the question names. */
  tagged?: ReadonlySet<string>;
  weights?: Weights;
}

/** Terms that are weighed at most: those that say the most. */
const MOST_TERMS = 64;
const NO_LONGER = 0.5;

/** Best first; of equal ones the newest. The order of the candidates does not matter. */
export function rank(candidates: readonly Candidate[], query: QueryTokens, options: RankOptions): Ranked[] {
  const { weights = WEIGHTS } = options;
  const idfs = idfsOf(query, options);
  const terms = [...idfs.keys()];
  const presences = presencesOf(candidates, terms, weights);
  const places = (tokens: readonly string[]) => tokens.map(one => terms.indexOf(one)).filter(n => n >= 0);
  const [names, dates] = [places(query.names), places(query.dates)];
  const values = [...idfs.values()];
  const ranked = candidates.map((candidate, n): Ranked => {
    const presence = presences[n] as Presence;
    const { client_id, row_id } = candidate;
    const exact =
      weights.names * sharePresent(presence, names) +
      weights.dates * sharePresent(presence, dates) +
      (client_id !== null && options.clients?.has(client_id) ? weights.client : 0) +
      (options.tagged?.has(row_id) ? weights.tag : 0);
    const parts: ScoreParts = {
      ...sharesOf(presence, values, weights),
      names: exact,
      factor: factorOf(candidate, options, query.tense, weights),
      standing: isCurrent(candidate, options.now) ? 1 : NO_LONGER,
    };
    const sum = parts.terms + parts.neighbours + parts.conversation + parts.names;
    return { candidate, score: 10 * Math.min(1, sum) * parts.factor * parts.standing, parts };
  });
  return ranked.sort((a, b) => b.score - a.score || b.candidate.n - a.candidate.n);
}

/** Inverse document frequencies, as Lucene has them: always above 0. The rarest terms, in an order of their own. */
function idfsOf(query: QueryTokens, { documents, total }: RankOptions): Map<string, number> {
  const terms = [...query.words, ...query.names, ...query.dates].map((term): [string, number] => {
    const having = Math.min(total, documents.get(term) ?? 0);
    return [term, Math.log(1 + (total - having + 0.5) / (having + 0.5))];
  });
  return new Map(terms.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_TERMS));
}

function sharesOf(
  { own, near, conversation }: Presence,
  idfs: readonly number[],
  weights: Weights,
): Pick<ScoreParts, 'terms' | 'neighbours' | 'conversation'> {
  const sums = { all: 0, terms: 0, neighbours: 0, conversation: 0 };
  idfs.forEach((idf, n) => {
    const [first, second] = [own[n] as number, near[n] as number];
    const third = weights.conversation * (conversation[n] as number);
    sums.all += idf;
    sums.terms += idf * first;
    sums.neighbours += idf * Math.max(0, second - first);
    sums.conversation += idf * Math.max(0, third - Math.max(first, second));
  });
  const of = (sum: number) => sum / Math.max(sums.all, Number.MIN_VALUE);
  return { terms: of(sums.terms), neighbours: of(sums.neighbours), conversation: of(sums.conversation) };
}

/** The share of some terms that an entry has, itself or, less, around it. */
function sharePresent({ own, near }: Presence, places: readonly number[]): number {
  if (places.length === 0) return 0;
  const sum = places.reduce((all, n) => all + ((own[n] as number) > 0 ? 1 : (near[n] as number)), 0);
  return sum / places.length;
}

/** Questions about what was have nothing from how recent it is; those about what is, all of it; others half. */
const OF_RECENCY = { now: 1, past: 0, unknown: 0.5 } as const;

function factorOf(
  { importance, at, row_id }: Candidate,
  { now, half_life_days, uses }: RankOptions,
  tense: QueryTokens['tense'],
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
