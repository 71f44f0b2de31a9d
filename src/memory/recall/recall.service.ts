import { Injectable } from '@nestjs/common';
import { reaches } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { AppSettings } from '../../core/config/settings.js';
import { redact } from '../../formats/redaction/redact.js';
import type { ResourceEntity } from '../../core/resource/resource.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ResourceKit } from '../../core/resource/kit.js';
import { formatForInjection } from '../compression/injection.js';
import { TokenCounter } from '../text/token-counter.js';
import { UsageCounter } from '../recurring/usage-counter.service.js';
import { type Candidate, Candidates } from './candidates.service.js';
import { queryTokens } from './entry-terms.js';
import { isCurrent, rank, type Ranked } from './rank.js';
import type { Recall, RecalledItem } from './recall.answers.js';
import type { RecallBody } from './recall.bodies.js';
import { SOURCES } from './sources.js';
import { withoutTold } from './told.js';
import { NamedProjects } from '../projects/named-projects.service.js';

/** Ranked entries whose rows are read: more than are shown, since some may be gone or say the same. */
const AHEAD = 3;

/** Finds what is known about a question, and says it inside a budget of tokens. */
@Injectable()
export class RecallService {
  constructor(
    private readonly candidates: Candidates,
    private readonly tokens: TokenCounter,
    private readonly usage: UsageCounter,
    private readonly kit: ResourceKit,
    private readonly settings: AppSettings,
    private readonly projects: NamedProjects,
  ) {}

  async recall(body: RecallBody): Promise<Recall> {
    const { limit = 10, min_relevance_score = 5, max_tokens = 1000 } = body;
    const project_id = await this.projectOf(body);
    if (project_id === null) return this.said([], max_tokens);
    const ranked = await this.ranked({ ...body, project_id });
    const told = new Set(body.exclude_ids?.map(id => id.toLowerCase()));
    const good = ranked.filter(({ score }) => score >= min_relevance_score);
    const items = await this.items(good.slice(0, limit * AHEAD + told.size), body);
    return this.said(withoutTold(items, told).slice(0, limit), max_tokens);
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

  /** Every entry that has something of the question, the best first. */
  private async ranked(body: RecallBody): Promise<Ranked[]> {
    const now = body.as_of ? new Date(body.as_of) : new Date();
    const query = queryTokens(body.query, now);
    const terms = [...query.names, ...query.dates, ...query.words];
    const types = this.typesOf(body);
    if (terms.length === 0 || types.length === 0) return [];
    const found = await this.candidates.find(terms, { ...body, types });
    const candidates = await this.tagged(found.candidates, body.tags);
    return rank(candidates, query, { ...found, now, half_life_days: this.settings.RECALL_HALF_LIFE_DAYS });
  }

  /** Those asked for that the actor's token is for. */
  private typesOf({ types }: RecallBody): string[] {
    const actor = currentActor();
    return SOURCES.map(({ type }) => resourceOf(type))
      .filter(({ name, path }) => (types?.includes(name) ?? true) && reaches(actor, path))
      .map(({ name }) => name);
  }

  private async tagged(candidates: Candidate[], tags: string[] | undefined): Promise<Candidate[]> {
    if (!tags || tags.length === 0 || candidates.length === 0) return candidates;
    const wanted = new Set(tags.map(tag => tag.trim().toLowerCase()));
    const having = new Set<string>();
    for (const spec of SOURCES.map(({ type }) => resourceOf(type)).filter(one => one.taggable)) {
      const ids = candidates.filter(({ kind }) => kind === spec.name).map(({ row_id }) => row_id);
      if (ids.length === 0) continue;
      for (const [id, names] of await this.kit.tagging.namesOf(spec, ids))
        if (names.some(name => wanted.has(name))) having.add(id);
    }
    return candidates.filter(({ row_id }) => having.has(row_id));
  }

  /** What the rows say now: who may not see one, or finds it gone, does not learn of it. */
  private async items(ranked: Ranked[], { explain, as_of }: RecallBody): Promise<RecalledItem[]> {
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
      return row ? [itemOf(one, row, now, explain ?? false)] : [];
    });
  }

  private async said(items: RecalledItem[], max_tokens: number): Promise<Recall> {
    if (items.length === 0) return { items: [], markdown: '', tokens: 0, left_out: 0 };
    const whole = formatForInjection(items, Number.MAX_SAFE_INTEGER, () => 1);
    const [total = 1] = await this.tokens.tokensOf([whole.markdown]);
    const perCharacter = total / whole.markdown.length;
    for (let budget = max_tokens; ; budget -= Math.ceil(max_tokens / 20)) {
      const said = formatForInjection(items, budget, text => Math.ceil(text.length * perCharacter));
      const [tokens = 0] = await this.tokens.tokensOf([said.markdown]);
      if (tokens > max_tokens && budget > 0) continue;
      const shown = new Set(said.ids);
      for (const id of shown) this.usage.count(id);
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
