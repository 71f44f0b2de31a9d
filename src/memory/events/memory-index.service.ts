import { Injectable } from '@nestjs/common';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Clause } from '../../core/table/clause.js';
import { Rows } from '../../core/table/rows.js';
import { redact } from '../../formats/redaction/redact.js';
import { compressProjectState, linesOfState, summaryBesideLists } from '../compression/project-state.js';
import type { ConversationContext } from '../conversation-contexts/conversation-context.entity.js';
import { ConversationContextsService } from '../conversation-contexts/conversation-contexts.service.js';
import type { DecisionLog } from '../decision-logs/decision-log.entity.js';
import { DecisionLogsService } from '../decision-logs/decision-logs.service.js';
import { ProjectState } from '../project-states/project-state.entity.js';
import { NamedProjects } from '../projects/named-projects.service.js';
import { TokenCounter } from '../text/token-counter.js';
import type { MemoryIndex } from './event.answers.js';
import type { IndexQuery } from './memory-index.bodies.js';
import { oneLine } from '../text/fenced.js';
import { line } from '../text/plain.js';
import { isSaidIn } from '../text/said-in.js';

const DECISIONS = 5;
const MOST_OF_ITEM = 300;
const MOST_OF_SUMMARY = 1_200;

/** Says what a conversation about a project begins with: the most telling first, as much as the budget has room for. */
@Injectable()
export class MemoryIndexService {
  constructor(
    private readonly rows: Rows,
    private readonly projects: NamedProjects,
    private readonly contexts: ConversationContextsService,
    private readonly decisions: DecisionLogsService,
    private readonly tokens: TokenCounter,
  ) {}

  async of({ remote, name, max_tokens = 1000 }: IndexQuery): Promise<MemoryIndex> {
    const project_id = (await this.projects.find({ remote, name })) ?? null;
    if (project_id === null) return { project_id, markdown: '', tokens: 0 };
    const state = await this.rows.findOne(ProjectState, { project_id });
    const decided = await newest<DecisionLog>(this.decisions, { project_id, status: 'active' }, DECISIONS);
    const summed = await newest<ConversationContext>(
      this.contexts,
      { project_id, context_type: 'session_summary' },
      1,
    );
    const said = [...(state ? stateLines(state) : []), ...decisionLines(decided), ...summaryLines(summed[0])];
    return {
      project_id,
      ...(await this.within(
        said.map(one => oneLine(redact(one))),
        max_tokens,
      )),
    };
  }

  /** The first lines for which there is room. */
  private async within(lines: string[], most: number): Promise<{ markdown: string; tokens: number }> {
    const counts = await this.tokens.tokensOf(lines);
    let room = most;
    let kept = lines.findIndex((_one, n) => (room -= (counts[n] ?? 0) + 1) < 0);
    if (kept === -1) kept = lines.length;
    for (; kept > 0; kept--) {
      const markdown = withoutBareHeading(lines.slice(0, kept)).join('\n');
      const [tokens = 0] = await this.tokens.tokensOf([markdown]);
      if (tokens <= most) return { markdown, tokens };
    }
    return { markdown: '', tokens: 0 };
  }
}

interface Dated {
  occurred_at: string | null;
  created_at: string;
}

interface Listing<T> {
  spec: { table: string };
  list: (query: RawQuery, ...more: Clause[]) => Promise<{ items: T[] }>;
}

/** The rows that tell of the latest: by when that was, or else by when they were written. */
async function newest<T extends Dated>(service: Listing<T>, where: RawQuery, limit: number): Promise<T[]> {
  const query = { ...where, limit: String(limit) };
  const told = await service.list({ ...query, sort: '-occurred_at' });
  const untold = { sql: `${service.spec.table}.occurred_at IS NULL`, values: [] };
  const written = await service.list({ ...query, sort: '-created_at' }, untold);
  const found = new Set([...told.items.filter(one => one.occurred_at !== null), ...written.items]);
  return [...found].sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1)).slice(0, limit);
}

const timeOf = ({ occurred_at, created_at }: Dated) => occurred_at ?? created_at;
const dateOf = (at: string | null | undefined) => (at ?? '').slice(0, 10);
const isHeading = (text: string | undefined) => text?.startsWith('## ') ?? false;

function withoutBareHeading(lines: string[]): string[] {
  return isHeading(lines.at(-1)) ? lines.slice(0, -1) : lines;
}

/** Decisions are told by themselves; which files there are says little at the beginning. */
const NOT_TOLD = ['important_decisions', 'key_files'] as const;

function stateLines(state: ProjectState): string[] {
  const context_summary = summaryBesideLists(state);
  const { progress_percent, ...short } = compressProjectState({ ...state, context_summary });
  const progress = progress_percent == null ? [] : [`- Progress: ${progress_percent} %`];
  return [
    `## Where the project stands (${dateOf(state.as_of ?? state.updated_at)}, ${state.id})`,
    ...progress,
    ...linesOfState(short, NOT_TOLD).map(one => `- ${line(one, MOST_OF_ITEM)}`),
  ];
}

function decisionLines(decisions: readonly DecisionLog[]): string[] {
  if (decisions.length === 0) return [];
  const said = decisions.map(({ id, decision_text, rationale, occurred_at, created_at }) => {
    const why = rationale ? ` — ${line(rationale, 150)}` : '';
    return `- ${dateOf(occurred_at ?? created_at)}: ${line(decision_text, MOST_OF_ITEM)}${why} (${id})`;
  });
  return ['## Decisions', ...said];
}

function summaryLines(context: ConversationContext | undefined): string[] {
  if (!context) return [];
  const { id, title, dense_summary, occurred_at, created_at } = context;
  const summary = line(dense_summary, MOST_OF_SUMMARY);
  return [
    `## The last conversation (${dateOf(occurred_at ?? created_at)}, ${id})`,
    `${isSaidIn(title, summary) ? '' : `${line(title, 200)}: `}${summary}`,
  ];
}
