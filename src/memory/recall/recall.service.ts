import { Injectable } from '@nestjs/common';
import { reaches } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { redact } from '../../formats/redaction/redact.js';
import type { ResourceEntity } from '../../core/resource/resource.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ResourceKit } from '../../core/resource/kit.js';
import { formatForInjection } from '../compression/injection.js';
import { TokenCounter } from '../text/token-counter.js';
import { UsageCounter } from '../recurring/usage-counter.service.js';
import { isCurrent } from './ranking/factor.js';
import type { Ranked } from './ranking/rank.js';
import { Ranking } from './ranking.service.js';
import type { Recall, RecalledItem } from './recall.answers.js';
import type { RecallBody } from './recall.bodies.js';
import { SOURCES } from './sources.js';
import { isOwn, withoutTold } from './told.js';
import { NamedProjects } from '../projects/named-projects.service.js';

/** Ranked entries whose rows are read: more than are shown, since some may be gone or say the same. */
const AHEAD = 3;

/** Finds what is known about a question, and says it inside a budget of tokens. */
@Injectable()
export class RecallService {
  constructor(
    private readonly ranking: Ranking,
    private readonly tokens: TokenCounter,
    private readonly usage: UsageCounter,
    private readonly kit: ResourceKit,
    private readonly projects: NamedProjects,
  ) {}

  async recall(body: RecallBody): Promise<Recall> {
    const { limit = 10, min_relevance_score = 5, max_tokens = 1000 } = body;
    const project_id = await this.projectOf(body);
    if (project_id === null) return this.said([], max_tokens, false);
    const ranked = await this.ranked({ ...body, project_id });
    const told = new Set(body.exclude_ids?.map(id => id.toLowerCase()));
    const good = ranked.filter(
      ({ score, candidate }) => score >= min_relevance_score && !isOwn(candidate, body),
    );
    const items = await this.items(good.slice(0, limit * AHEAD + told.size), body);
    return this.said(withoutTold(items, told).slice(0, limit), max_tokens, !body.as_of);
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

  /** What the rows say now: who may not see one, or finds it gone, does not learn of it. */
  private async items(ranked: Ranked[], body: RecallBody): Promise<RecalledItem[]> {
    const { explain, as_of } = body;
    const now = as_of ? new Date(as_of) : new Date();
    const rows = new Map<string, ResourceEntity>();
    for (const { type } of SOURCES) {
      const spec = resourceOf(type);
      const ids = ranked
        .filter(({ candidate }) => candidate.kind === spec.name)
        .map(one => one.candidate.row_id);
      if (ids.length === 0) continue;
      const page = await this.kit.registry.of(type)?.list({ id: ids, limit: String(ids.length) });
      for (const row of page?.items ?? []) rows.set(row.id, row as ResourceEntity);
    }
    return ranked.flatMap(one => {
      const row = rows.get(one.candidate.row_id);
      // A summary has the conversation that it is of in the row alone.
      const { session_key } = (row ?? {}) as { session_key?: string | null };
      if (!row || isOwn({ session_key, at: one.candidate.at }, body)) return [];
      return [itemOf(one, row, now, explain ?? false)];
    });
  }

  /** @param isUse whether being told counts as a use: what is asked as of another time tells nothing of this one */
  private async said(items: RecalledItem[], max_tokens: number, isUse: boolean): Promise<Recall> {
    if (items.length === 0) return { items: [], markdown: '', tokens: 0, left_out: 0 };
    const whole = formatForInjection(items, Number.MAX_SAFE_INTEGER, () => 1);
    const [total = 1] = await this.tokens.tokensOf([whole.markdown]);
    const perCharacter = total / whole.markdown.length;
    for (let budget = max_tokens; ; budget -= Math.ceil(max_tokens / 20)) {
      const said = formatForInjection(items, budget, text => Math.ceil(text.length * perCharacter));
      const [tokens = 0] = await this.tokens.tokensOf([said.markdown]);
      if (tokens > max_tokens && budget > 0) continue;
      const shown = new Set(said.ids);
      if (isUse) for (const id of shown) this.usage.count(id);
      return {
        items: items.filter(({ id }) => shown.has(id)),
        markdown: said.markdown,
        tokens,
        left_out: said.left_out,
      };
    }
  }
}

function itemOf(
  { candidate, score, parts }: Ranked,
  row: ResourceEntity,
  now: Date,
  explain: boolean,
): RecalledItem {
  const source = SOURCES.find(({ type }) => resourceOf(type).name === candidate.kind);
  if (!source) throw new Error(`${candidate.kind} is no source of recall`);
  const { title, text, at } = source.saidBy(row);
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
