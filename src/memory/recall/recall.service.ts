import { Injectable } from '@nestjs/common';
import { reaches } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { redact } from '../../formats/redaction/redact.js';
import { resourceOf } from '../../core/resource/resource.js';
import { formatDistinct } from '../compression/injection.js';
import { isSaidBy, type Shape, shapeOfEnds } from '../text/similarity.js';
import { TokenCounter } from '../text/token-counter.js';
import { UsageCounter } from '../recurring/usage-counter.service.js';
import { isCurrent } from './ranking/factor.js';
import type { Ranked } from './ranking/rank.js';
import { Ranking } from './ranking.service.js';
import type { Recall, RecalledItem } from './recall.answers.js';
import type { RecallBody } from './recall.bodies.js';
import { type Recalled, RecalledRows } from './recalled-rows.service.js';
import { SOURCES } from './sources.js';
import { isOwn } from './own-conversation.js';
import { NamedProjects } from '../projects/named-projects.service.js';

/** Ranked entries whose rows are read: more than are shown, since some may be gone or say the same. */
const AHEAD = 3;
/** Where a question does not say. */
const MOST_ITEMS = 10;
const MOST_TOKENS = 1000;
/** More than a token has in any language: what is longer has no room. */
const CHARACTERS_OF_TOKEN = 10;
/** Rows that are told already and read at once. */
const PART = 20;

interface Taken {
  items: RecalledItem[];
  /** How many more would have been taken, but for the budget. */
  further: number;
}

/** Finds what is known about a question, and says it inside a budget of tokens. */
@Injectable()
export class RecallService {
  constructor(
    private readonly ranking: Ranking,
    private readonly tokens: TokenCounter,
    private readonly usage: UsageCounter,
    private readonly rows: RecalledRows,
    private readonly projects: NamedProjects,
  ) {}

  async recall(body: RecallBody): Promise<Recall> {
    const { limit = MOST_ITEMS, min_relevance_score = 5, max_tokens = MOST_TOKENS } = body;
    const project_id = await this.projectOf(body);
    if (project_id === null) return this.said({ items: [], further: 0 }, max_tokens, false);
    const ranked = await this.ranked({ ...body, project_id });
    const told = new Set(body.exclude_ids?.map(id => id.toLowerCase()));
    const isTold = ({ candidate }: Ranked) => told.has(candidate.row_id);
    const good = ranked
      .filter(({ score, candidate }) => score >= min_relevance_score && !isOwn(candidate, body))
      .slice(0, limit * AHEAD + told.size);
    const shapes = await this.shapesOf(good.filter(isTold));
    const fresh = good.filter(one => !isTold(one));
    return this.said(await this.items(fresh, shapes, body), max_tokens, !body.as_of);
  }

  /** The project that is asked about; null for one that the actor does not know, undefined for all. */
  private async projectOf({
    project_id,
    project_remote: remote,
    project_name: name,
  }: RecallBody): Promise<string | null | undefined> {
    if (project_id !== undefined || (remote ?? name) === undefined) return project_id;
    return (await this.projects.find({ remote, name })) ?? null;
  }

  private ranked(body: RecallBody): Promise<Ranked[]> {
    return this.ranking.ranked({ ...body, types: this.typesOf(body) });
  }

  /** Those asked for that the actor's token is for. */
  private typesOf({ types }: RecallBody): string[] {
    const actor = currentActor();
    return SOURCES.map(({ type }) => resourceOf(type))
      .filter(({ name, path }) => (types?.includes(name) ?? true) && reaches(actor, path))
      .map(({ name }) => name);
  }

  /**
   * What rows say that is not told yet, the best first: so many as are asked for, of which what says the same is there
   * once, and no more than the budget can have room for, since each is masked whole.
   */
  private async items(ranked: readonly Ranked[], told: readonly Shape[], body: RecallBody): Promise<Taken> {
    const { limit = MOST_ITEMS, max_tokens = MOST_TOKENS, as_of, explain = false } = body;
    const now = as_of ? new Date(as_of) : new Date();
    const items: RecalledItem[] = [];
    const taken: Shape[] = [];
    let wanted = limit;
    let room = max_tokens * CHARACTERS_OF_TOKEN;
    for await (const recalled of this.rows.of(ranked, limit)) {
      const { text, title } = recalled.said;
      // A summary has the conversation that it is of in the row alone.
      const { session_key } = recalled.row as { session_key?: string | null };
      if (isOwn({ session_key, at: recalled.ranked.candidate.at }, body)) continue;
      const shape = shapeOfEnds(title ? `${title}\n${text}` : text);
      if (isSaidBy(told, title ? shapeOfEnds(text) : shape)) continue;
      wanted--;
      if (!isSaidBy(taken, shape)) {
        taken.push(shape);
        items.push(itemOf(recalled, now, explain));
        room -= text.length + (title?.length ?? 0);
      }
      if (wanted > 0 && room > 0) continue;
      const further = ranked.length - 1 - ranked.indexOf(recalled.ranked);
      return { items, further: Math.min(wanted, further) };
    }
    return { items, further: 0 };
  }

  private async shapesOf(ranked: readonly Ranked[]): Promise<Shape[]> {
    const shapes: Shape[] = [];
    for await (const { said } of this.rows.of(ranked, PART)) shapes.push(shapeOfEnds(said.text));
    return shapes;
  }

  /** @param isUse whether being told counts as a use: what is asked as of another time tells nothing of this one */
  private async said({ items, further }: Taken, max_tokens: number, isUse: boolean): Promise<Recall> {
    if (items.length === 0) return { items: [], markdown: '', tokens: 0, left_out: 0 };
    const most = max_tokens * CHARACTERS_OF_TOKEN;
    const distinct = items.map(one =>
      one.text.length > most ? { ...one, text: `${one.text.slice(0, most)}…` } : one,
    );
    const whole = formatDistinct(distinct, Number.MAX_SAFE_INTEGER, () => 1);
    const [total = 1] = await this.tokens.tokensOf([whole.markdown]);
    const perCharacter = total / whole.markdown.length;
    for (let budget = max_tokens; ; budget -= Math.ceil(max_tokens / 20)) {
      const said = formatDistinct(distinct, budget, text => Math.ceil(text.length * perCharacter));
      const [tokens = 0] = await this.tokens.tokensOf([said.markdown]);
      if (tokens > max_tokens && budget > 0) continue;
      const shown = new Set(said.ids);
      if (isUse) for (const id of shown) this.usage.count(id);
      return {
        items: items.filter(({ id }) => shown.has(id)),
        markdown: said.markdown,
        tokens,
        left_out: said.left_out + further,
      };
    }
  }
}

function itemOf(
  { ranked: { candidate, score, parts }, row, said: { title, text, at } }: Recalled,
  now: Date,
  explain: boolean,
): RecalledItem {
  const label = isCurrent(candidate, now) ? null : candidate.superseded ? 'superseded' : 'expired';
  return {
    id: row.id,
    type: candidate.kind,
    title: title ? redact(title) : null,
    text: redact(text),
    at,
    score: Math.round(score * 100) / 100,
    label,
    client_id: candidate.client_id,
    project_id: candidate.project_id,
    ...(explain ? { parts: rounded(parts) } : {}),
  };
}

function rounded<T extends object>(parts: T): T {
  return Object.fromEntries(
    Object.entries(parts).map(([name, value]) => [name, Math.round((value as number) * 1000) / 1000]),
  ) as T;
}
