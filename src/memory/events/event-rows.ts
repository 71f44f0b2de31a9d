import type { Body } from '../../core/resource/resource.service.js';
import { kindOf } from '../../formats/memory-event.js';
import { compressFileChanges } from '../compression/file-changes.js';
import { calculateRelevanceScore } from '../compression/relevance.js';
import { createContextSnippet } from '../compression/snippet.js';
import { titleIn } from '../compression/title.js';
import { plain } from '../text/plain.js';
import type { PreparedEvent } from './prepared-event.js';

/** The body of the turn that an event is; undefined for what is none. */
export function turnOf(event: PreparedEvent, project_id: string): Body | undefined {
  const { kind, session_key, at, text, sequence } = event;
  const { turn } = kindOf(kind);
  if (!turn) return undefined;
  const speaker = turn === 'named' ? event.speaker : turn;
  return { project_id, session_key, at, speaker, text, sequence: sequence ?? null };
}

export function titleOf({ title, text }: PreparedEvent): string {
  return title ?? titleIn(text);
}

/** The body of the context that a checkpoint is. */
export function checkpointOf(event: PreparedEvent, project_id: string): Body {
  return {
    ...contextOf(event, project_id),
    context_type: 'checkpoint',
    title: titleOf(event),
    dense_summary: plain(event.text),
    ...weightOf(7, event.at),
  };
}

/** How much a context matters, and what that comes to now. */
export function weightOf(importance: number, at: string): Body {
  return { importance, relevance_score: calculateRelevanceScore({ importance, at }, new Date()).toFixed(2) };
}

/** What every context of an event has. */
export function contextOf(event: PreparedEvent, project_id: string): Body {
  const { session_key, at, tags, source } = event;
  return {
    project_id,
    session_key,
    occurred_at: at,
    source: source ?? 'api',
    metadata: metadataOf(event),
    ...(tags ? { tags } : {}),
  };
}

/** `git_branch`, `git_commit`, `files_changed`, as far as they are known; of more files than are kept, how many. */
export function metadataOf({ git }: PreparedEvent): Record<string, unknown> | null {
  const { branch: git_branch, commit: git_commit, changed_files } = git ?? {};
  const changes = changed_files && compressFileChanges(changed_files);
  const files_changed = changes?.files.map(one => one.path);
  const isAll = changes === undefined || changes.total === changes.files.length;
  const known = Object.entries({
    git_branch,
    git_commit,
    files_changed,
    ...(isAll ? {} : { files_summary: changes.summary }),
  }).filter(([, value]) => value !== undefined);
  return known.length > 0 ? Object.fromEntries(known) : null;
}

/** The body of the snippet that a note is. */
export function snippetOf({ text, title, tags, at }: PreparedEvent, project_id: string): Body {
  const { relevance_score, ...draft } = createContextSnippet(text, { title, tags, at });
  return {
    ...draft,
    project_id,
    relevance_score: relevance_score.toFixed(2),
    occurred_at: at,
  };
}
