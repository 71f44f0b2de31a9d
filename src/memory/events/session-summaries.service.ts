import { Injectable } from '@nestjs/common';
import { currentActor } from '../../core/context/request-context.js';
import { kindOf } from '../../formats/memory-event.js';
import { Rows } from '../../core/table/rows.js';
import type { ConversationSummary } from '../compression/conversation-summary.js';
import { mergeContexts } from '../compression/merge.js';
import { ConversationContext } from '../conversation-contexts/conversation-context.entity.js';
import { ConversationContextsService } from '../conversation-contexts/conversation-contexts.service.js';
import { line, plain } from '../text/plain.js';
import { bareWords } from '../text/said-in.js';
import { contextOf, metadataOf, titleOf, weightOf } from './event-rows.js';
import type { PreparedEvent } from './prepared-event.js';

const MOST_OF_WHOLE = 20_000;
const MOST_OF_LAST = 2_000;
const MOST_DECISIONS = 20;
const LISTS = ['completed', 'in_progress', 'blockers', 'next'] as const;
const MOST_ITEMS = 15;

/** What the summary of a conversation is made of. */
interface Parts extends Partial<Omit<ConversationSummary, 'decisions'>> {
  /** What its host summed up when it compacted it. */
  whole?: string | null;
  /** What was said last. */
  last?: string | null;
}

/** What each conversation came to: one context for each, which follows it. Works inside the caller's unit. */
@Injectable()
export class SessionSummaries {
  constructor(
    private readonly rows: Rows,
    private readonly contexts: ConversationContextsService,
  ) {}

  /**
   * Adds how a conversation stopped, or its summary, to its context. What is older than the context changes nothing.
   *
   * @returns the id of the context
   */
  async add(event: PreparedEvent, summary: ConversationSummary, project_id: string): Promise<string> {
    const known = await this.rows.findOne(ConversationContext, {
      project_id,
      session_key: event.session_key,
      user_id: currentActor().id,
      context_type: 'session_summary',
      superseded_by: null,
    });
    if (known && (known.occurred_at ?? '') > event.at) return known.id;
    const { parts, decisions } = partsOf(event, summary, known);
    const isWhole = kindOf(event.kind).tells === 'whole';
    const body = {
      ...contextOf(event, project_id),
      context_type: 'session_summary',
      title: event.title ?? (isWhole ? undefined : known?.title) ?? titleOf(event),
      dense_summary: summaryOf(parts),
      key_decisions: decisions.length > 0 ? decisions : null,
      current_state: parts,
      ...weightOf(parts.whole ? 7 : 5, event.at),
    };
    if (!known) return (await this.contexts.create(body)).id;
    const metadata = { ...known.metadata, ...metadataOf(event) };
    return (await this.contexts.update(known.id, { ...body, metadata })).id;
  }
}

/** What was known of the conversation, and what the event adds. */
function partsOf(
  { kind, text, at }: PreparedEvent,
  { decisions, ...summary }: ConversationSummary,
  known: ConversationContext | undefined,
): { parts: Parts; decisions: string[] } {
  const before = (known?.current_state ?? {}) as Parts;
  const isWhole = kindOf(kind).tells === 'whole';
  const merged = mergeContexts([
    { ...summary, at },
    { ...before, at: known?.occurred_at ?? null },
  ]);
  const parts: Parts = {
    phase: (merged.phase as string | null) ?? null,
    whole: isWhole ? plain(text, MOST_OF_WHOLE) : (before.whole ?? null),
    last: isWhole ? null : plain(text, MOST_OF_LAST),
  };
  for (const name of LISTS) {
    // What is done, being done and next is of now; what was done stays done.
    const isOfNow = name !== 'completed' && summary[name].length > 0;
    const items = isOfNow ? summary[name] : ((merged[name] ?? []) as string[]);
    parts[name] = items.slice(0, MOST_ITEMS);
  }
  const decided = [...(known?.key_decisions ?? []), ...decisions.map(one => one.decision)];
  return { parts, decisions: [...new Set(decided.map(one => line(one, 400)))].slice(-MOST_DECISIONS) };
}

const LABELS: Record<(typeof LISTS)[number], string> = {
  completed: 'Done',
  in_progress: 'In progress',
  blockers: 'Blocked',
  next: 'Next',
};

/** The parts as text. What is summed up or said last tells of the lists itself, and they are told where it does not. */
function summaryOf({ whole, last, ...parts }: Parts): string {
  const told = bareWords(`${whole ?? ''}\n${last ?? ''}`);
  const lists = LISTS.flatMap(name =>
    (parts[name] ?? []).filter(one => !told.includes(bareWords(one))).map(one => `${LABELS[name]}: ${one}`),
  );
  return [whole, ...lists, whole && last ? `Since then: ${last}` : last].filter(Boolean).join('\n');
}
