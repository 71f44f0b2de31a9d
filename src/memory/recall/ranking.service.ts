import { Injectable } from '@nestjs/common';
import { AppSettings } from '../../core/config/settings.js';
import { UsageCounter } from '../recurring/usage-counter.service.js';
import type { Candidate, Scope } from './candidate.js';
import { Candidates } from './candidates.service.js';
import { termsOf } from '../text/terms.js';
import { type QueryTokens, queryTokens, tokensOf } from './entry-terms.js';
import { NamedClients } from './named-clients.service.js';
import { heldUntil, inOrderOfTruth } from './ranking/order-of-truth.js';
import { isCurrent } from './ranking/factor.js';
import { rank, type Ranked, type RankOptions } from './ranking/rank.js';
import { RelatedEntries } from './related-entries.service.js';
import { type Weights, WEIGHTS } from './ranking/weights.js';
import { TaggedRows } from './tagged-rows.service.js';

/** A question with all that it is answered from. */
export interface Gathered {
  candidates: Candidate[];
  query: QueryTokens;
  options: RankOptions;
}

export interface Question extends Scope {
  query: string;
  /** Rows that have one of these alone. */
  tags?: readonly string[];
}

/** Around so many of the best is looked for what was said there. */
const LOOKED_AROUND = 60;
/** Where one looks for an answer, a question is as good as what says something: the answer stands beside it. */
const LOOKING: Weights = { ...WEIGHTS, speech: { statement: 1, question: 1, tool: 1 } };
/** Of so many of the best it is asked how often they were used, and what took their place. */
const LOOKED_AT = 300;

/** Ranks what is known about a question, in two stages: what has its words, then that and what was said around the best. */
@Injectable()
export class Ranking {
  constructor(
    private readonly candidates: Candidates,
    private readonly related: RelatedEntries,
    private readonly clients: NamedClients,
    private readonly tagged: TaggedRows,
    private readonly usage: UsageCounter,
    private readonly settings: AppSettings,
  ) {}

  /** Every entry that has something of the question or stands beside one that has, the best first. */
  async ranked(question: Question): Promise<Ranked[]> {
    const { candidates, query, options } = await this.gathered(question);
    const ranked = rank(candidates, query, options);
    const best = ranked.slice(0, LOOKED_AT).map(({ candidate }) => candidate);
    const superseded = best.filter(one => one.superseded);
    if (superseded.length === 0) return ranked;
    const found = await this.related.successors(superseded, question);
    const all = heldUntil([...candidates, ...this.withoutKnown(found, candidates)]);
    return inOrderOfTruth(rank(all, query, options), one => !isCurrent(one, options.now));
  }

  /** What `ranked` ranks. */
  async gathered(question: Question): Promise<Gathered> {
    const now = question.as_of ? new Date(question.as_of) : new Date();
    const query = queryTokens(question.query, now);
    const { candidates: found, ...statistics } = await this.candidates.find(
      [...query.names, ...query.dates, ...query.words],
      question,
    );
    const tagged = await this.tagged.namedIn(question.query, question.types);
    const options: RankOptions = {
      ...statistics,
      now,
      half_life_days: this.settings.RECALL_HALF_LIFE_DAYS,
      clients: await this.clients.in(question.query),
      tagged: new Set(tagged.keys()),
    };
    const known = new Set(found.map(({ row_id }) => row_id));
    const others = await this.related.ofRows([...tagged.keys()].filter(id => !known.has(id)), question); // prettier-ignore
    const named = withTags([...found, ...others], tagged, statistics.documents);
    const candidates = await this.tagged.having(named, question.tags);
    const best = rank(candidates, query, { ...options, weights: LOOKING }).map(({ candidate }) => candidate);
    if (!question.as_of)
      options.uses = await this.usage.countsOf(best.slice(0, LOOKED_AT).map(one => one.row_id));
    if (question.tags && question.tags.length > 0) return { candidates, query, options };
    const centres = best.filter(({ sequence }) => sequence !== null).slice(0, LOOKED_AROUND);
    const near = await this.related.around(centres, question);
    options.following = near.following;
    return { candidates: [...candidates, ...this.withoutKnown(near.candidates, candidates)], query, options };
  }

  private withoutKnown(found: Candidate[], known: readonly Candidate[]): Candidate[] {
    const rows = new Set(known.map(({ row_id }) => row_id));
    return found.filter(({ row_id }) => !rows.has(row_id));
  }
}

/** Rows have the words of their tags that the question names; so these words are known. */
function withTags(
  candidates: readonly Candidate[],
  tagged: ReadonlyMap<string, string[]>,
  documents: Map<string, number>,
): Candidate[] {
  return candidates.map(one => {
    const tokens = (tagged.get(one.row_id) ?? []).flatMap(name => tokensOf(termsOf(name)));
    for (const token of new Set(tokens))
      if (documents.has(token)) documents.set(token, Math.max(1, documents.get(token) ?? 0));
    return tokens.length === 0 ? one : { ...one, terms: [...one.terms, ...tokens] };
  });
}
