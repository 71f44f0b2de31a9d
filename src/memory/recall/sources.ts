import { type ResourceEntity, resourceOf } from '../../core/resource/resource.js';
import type { Type } from '../../core/table/field-spec.js';
import { linesOfState } from '../compression/project-state.js';
import { ConversationContext } from '../conversation-contexts/conversation-context.entity.js';
import { DecisionLog } from '../decision-logs/decision-log.entity.js';
import { ProblemSolution } from '../problem-solutions/problem-solution.entity.js';
import { ProjectState } from '../project-states/project-state.entity.js';
import { ContextSnippet } from '../context-snippets/context-snippet.entity.js';
import { ConversationTurn } from '../conversation-turns/conversation-turn.entity.js';
import { type Speech, speechOf } from '../text/speech.js';

/** What a row of the memory says, and what its place among others is. */
export interface Said {
  /** Counts twice. */
  title?: string | null;
  text: string;
  /** When it was said, decided, or last seen. */
  at: string;
  /** Since when it is there, where that is another time. */
  since?: string;
  importance?: number;
  /** What is not told is a statement. */
  speech?: Speech;
  session_key?: string | null;
  sequence?: number | null;
  superseded?: boolean;
  /** Ids of the row whose place it has taken, and of the one that has taken its own. */
  supersedes?: string | null;
  superseded_by?: string | null;
  expires_at?: string | null;
}

interface Source<T extends ResourceEntity> {
  type: Type<T>;
  saidBy: (row: T) => Said;
}

const source = <T extends ResourceEntity>(
  type: Type<T>,
  saidBy: (row: T) => Said,
): Source<ResourceEntity> => ({
  type,
  saidBy: saidBy as (row: ResourceEntity) => Said,
});

const lines = (...parts: (string | readonly string[] | null | undefined | false)[]) =>
  parts.flat().filter(part => typeof part === 'string' && part !== '').join('\n'); // prettier-ignore

const IMPACT: Record<string, number> = { low: 3, medium: 5, high: 8, critical: 10 };

/** The resources that recall looks through. */
export const SOURCES: readonly Source<ResourceEntity>[] = [
  source(ConversationContext, row => ({
    title: row.title,
    text: lines(row.dense_summary, row.key_decisions),
    at: row.occurred_at ?? row.last_seen_at ?? row.created_at,
    since: row.occurred_at ?? row.created_at,
    importance: row.importance,
    superseded: row.superseded_by !== null,
    superseded_by: row.superseded_by,
    expires_at: row.expires_at,
  })),
  source(ContextSnippet, row => ({
    title: row.title,
    text: row.content,
    at: row.occurred_at ?? row.last_seen_at ?? row.created_at,
    since: row.occurred_at ?? row.created_at,
    importance: row.importance,
  })),
  source(DecisionLog, row => ({
    title: row.decision_text,
    text: lines(row.rationale && `Why: ${row.rationale}`, row.alternatives_considered),
    at: row.occurred_at ?? row.created_at,
    importance: IMPACT[row.impact],
    superseded: row.status !== 'active',
    supersedes: row.supersedes_id,
  })),
  source(ProjectState, row => ({
    title: row.phase,
    text: lines(linesOfState(row, ['phase'])),
    at: row.as_of ?? row.updated_at,
    importance: 7,
  })),
  source(ProblemSolution, row => ({
    title: row.title,
    text: lines(
      row.problem,
      row.symptoms,
      row.error_text,
      row.root_cause && `Cause: ${row.root_cause}`,
      `Solution: ${row.solution}`,
    ),
    at: row.last_seen_at ?? row.created_at,
    since: row.created_at,
    importance: row.verified ? 7 : 5,
  })),
  source(ConversationTurn, row => ({
    text: row.text,
    at: row.at,
    speech: speechOf(row.speaker, row.text),
    session_key: row.session_key,
    // Lines of tools stand between what is said, and are no place in it.
    sequence: row.speaker === 'tool' ? null : row.sequence,
  })),
];

/** Their names. */
export const RECALLED = SOURCES.map(({ type }) => resourceOf(type).name);
