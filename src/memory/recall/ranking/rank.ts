import type { Candidate } from '../candidate.js';
import type { QueryTokens } from '../entry-terms.js';
import { certaintyOf, scoreOf } from './certainty.js';
import { echoesIn } from './echo.js';
import { factorOf, isCurrent } from './factor.js';
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
  /** By what is multiplied what says nothing that is so: a question, a line of a tool, the prompt itself. */
  speech: number;
  /** By what is superseded or expired is multiplied. */
  standing: number;
  /** How likely it is that the question is about anything that is stored: the logarithm of the odds. */
  certainty: number;
  /** Points that it has because it took the place of an entry that has more. */
  replaces?: number;
}

export interface Ranked {
  candidate: Candidate;
  /** 0 to 10: 5 where it is as likely as not that it answers the question. */
  score: number;
  parts: ScoreParts;
}

/** What is known beside the question and the entries; what is optional counts for nothing when absent. */
export interface RankOptions {
  documents: ReadonlyMap<string, number>;
  /** How many entries there are. */
  total: number;
  now: Date;
  half_life_days: number;
  /** Of entries, by their number `n`, that of the one that was said next in the conversation. */
  following?: ReadonlyMap<number, number>;
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
/** So many of the best tell how well the question is met. */
const TELLING = 3;

interface Weighed {
  candidate: Candidate;
  presence: Presence;
  parts: Omit<ScoreParts, 'certainty'>;
  sum: number;
}

/** The logarithm of the odds of a question that nothing meets. */
const CERTAINLY_NOT = -20;

/** Best first; of equal ones the newest. The order of the candidates does not matter. */
export function rank(candidates: readonly Candidate[], query: QueryTokens, options: RankOptions): Ranked[] {
  const { weights = WEIGHTS, clients, tagged } = options;
  const idfs = idfsOf(query, options);
  const terms = [...idfs.keys()];
  const values = [...idfs.values()];
  const places = (tokens: readonly string[]) => tokens.map(one => terms.indexOf(one)).filter(n => n >= 0);
  const [names, dates] = [places(query.names), places(query.dates)];
  const echoes = echoesIn(candidates, query);
  const presences = presencesOf(candidates, terms, weights, { following: options.following, echoes });
  const weighed = candidates.map((candidate, n): Weighed => {
    const presence = presences[n] as Presence;
    const { client_id, row_id } = candidate;
    const exact =
      weights.names * sharePresent(presence, names) +
      weights.dates * sharePresent(presence, dates) +
      (client_id !== null && clients?.has(client_id) ? weights.client : 0) +
      (tagged?.has(row_id) ? weights.tag : 0);
    const parts = {
      ...sharesOf(presence, values, weights),
      names: exact,
      factor: factorOf(candidate, query.tense, options, weights),
      speech: weights.speech[echoes.has(candidate) ? 'question' : (candidate.speech ?? 'statement')],
      standing: isCurrent(candidate, options.now) ? 1 : NO_LONGER,
    };
    const sum = parts.terms + parts.neighbours + parts.conversation + parts.names;
    return { candidate, presence, parts, sum: sum * parts.factor * parts.speech * parts.standing };
  });
  weighed.sort((a, b) => b.sum - a.sum || b.candidate.n - a.candidate.n);
  const known = weighed.filter(one => saysWhatIs(one.candidate) && !echoes.has(one.candidate));
  const certainty = metBy(known, { names, dates }, values, options);
  const most = weighed[0]?.sum ?? 0;
  return weighed.map(({ candidate, parts, sum }) => ({
    candidate,
    score: most > 0 ? scoreOf(certainty, sum / most) : 0,
    parts: { ...parts, certainty },
  }));
}

/** The inverse frequency of a term that so many of all entries have, as Lucene has it: always above 0. */
const idf = (total: number, having: number) => Math.log(1 + (total - having + 0.5) / (having + 0.5));

/** The rarest terms, in an order of their own. */
function idfsOf(query: QueryTokens, { documents, total }: RankOptions): Map<string, number> {
  const terms = [...query.words, ...query.names, ...query.dates].map((term): [string, number] => [
    term,
    idf(total, Math.min(total, documents.get(term) ?? 0)),
  ]);
  return new Map(terms.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_TERMS));
}

function sharesOf(
  { own, near, conversation }: Presence,
  idfs: readonly number[],
  weights: Weights,
): Pick<ScoreParts, 'terms' | 'neighbours' | 'conversation'> {
  const sums = { all: 0, terms: 0, neighbours: 0, conversation: 0 };
  idfs.forEach((value, n) => {
    const [first, second] = [own[n] as number, near[n] as number];
    const third = weights.conversation * (conversation[n] as number);
    sums.all += value;
    sums.terms += value * first;
    sums.neighbours += value * Math.max(0, second - first);
    sums.conversation += value * Math.max(0, third - Math.max(first, second));
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

const saysWhatIs = ({ speech }: Candidate) => speech === null || speech === 'statement';

/** How well the best of what says something meets the question, as the logarithm of the odds. */
function metBy(
  weighed: readonly Weighed[],
  { names, dates }: { names: readonly number[]; dates: readonly number[] },
  idfs: readonly number[],
  { total }: RankOptions,
): number {
  const [first] = weighed;
  if (!first) return CERTAINLY_NOT;
  const all = idfs.reduce((sum, one) => sum + one, 0);
  const best = weighed.slice(0, TELLING);
  const has = (some: readonly Weighed[]) => (n: number) => some.some(one => isThere(one.presence, n));
  const [isKnown, isInBest] = [has(weighed), has(best)];
  const unknown = idfs.reduce((sum, one, n) => sum + (isKnown(n) ? 0 : one), 0);
  // That something happened on the day is no answer to a question of which nothing else is known.
  const isMet = dates.length === idfs.length || idfs.some((_, n) => !dates.includes(n) && isInBest(n));
  if (!isMet) return CERTAINLY_NOT;
  const exact = [...names, ...dates];
  const { parts } = first;
  const covered = Math.min(1, parts.terms) + parts.neighbours + parts.conversation;
  return certaintyOf({
    known: (covered * all) / idf(Math.max(1, total), 1),
    unknown: all > 0 ? unknown / all : 1,
    exact: exact.length === 0 ? 0 : exact.filter(isInBest).length / exact.length,
    hits: idfs.filter((_, n) => isInBest(n)).length,
    total,
  });
}

/** Whether an entry has a term itself, or it was said beside it. */
const isThere = ({ own, near }: Presence, n: number) => (own[n] as number) > 0 || (near[n] as number) > 0;
