import { Injectable } from '@nestjs/common';
import { AppSettings } from '../../core/config/settings.js';
import { UsageCounter } from '../recurring/usage-counter.service.js';
import { type Candidate, Candidates, type Scope } from './candidates.service.js';
import { type QueryTokens, queryTokens } from './entry-terms.js';
import { NamedClients } from './named-clients.service.js';
import { inOrderOfTruth } from './ranking/order-of-truth.js';
import { isCurrent, rank, type Ranked, type RankOptions } from './ranking/rank.js';
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
/** Of so many of the best it is asked how often they were used, and what took their place. */
const LOOKED_AT = 300;

/** Ranks what is known about a question, in two stages: what has its words, then that and what was said around the best. */
@Injectable()
export class Ranking {
  constructor(
    private readonly candidates: Candidates,
    private readonly clients: NamedClients,
    private readonly tagged: TaggedRows,
    private readonly usage: UsageCounter,
    private readonly settings: AppSettings,
  ) {}

  /** Every entry that has something of the question or stands beside one that has, the best first. */
  async ranked(question: Question): Promise<Ranked[]> {
    const { candidates, query, options } = await this.gathered(question);
    const ranked = rank(candidates, query, options);
    const isOver = (one: Candidate) => !isCurrent(one, options.now);
    const over = ranked.slice(0, LOOKED_AT).filter(({ candidate }) => isOver(candidate));
    if (over.length === 0) return ranked;
    const found = await this.candidates.successors(over.map(({ candidate }) => candidate), question); // prettier-ignore
    const newer = this.withoutKnown(found, candidates);
    return inOrderOfTruth(
      newer.length === 0 ? ranked : rank([...candidates, ...newer], query, options),
      isOver,
    );
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
      tagged,
    };
    const known = new Set(found.map(({ row_id }) => row_id));
    const others = await this.candidates.ofRows([...tagged].filter(id => !known.has(id)), question); // prettier-ignore
    const candidates = await this.tagged.having([...found, ...others], question.tags);
    const best = rank(candidates, query, options).map(({ candidate }) => candidate);
    if (!question.as_of)
      options.uses = await this.usage.countsOf(best.slice(0, LOOKED_AT).map(one => one.row_id));
    if (question.tags && question.tags.length > 0) return { candidates, query, options };
    const near = await this.candidates.around(best.slice(0, LOOKED_AROUND), question);
    return { candidates: [...candidates, ...this.withoutKnown(near, candidates)], query, options };
  }

  private withoutKnown(found: Candidate[], known: readonly Candidate[]): Candidate[] {
    const rows = new Set(known.map(({ row_id }) => row_id));
    return found.filter(({ row_id }) => !rows.has(row_id));
  }
}
