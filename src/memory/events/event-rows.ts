import type { Body } from '../../core/resource/resource.service.js';
import { line, plain } from '../text/plain.js';
import type { PreparedEvent } from './prepared-event.js';

const MOST_OF_TITLE = 120;

/** The body of the turn that an event is; undefined for what is none. */
export function turnOf(event: PreparedEvent, project_id: string): Body | undefined {
  const { kind, session_key, at, text, sequence } = event;
  if (kind !== 'turn' && kind !== 'tool' && kind !== 'stop') return undefined;
  const speaker = kind === 'tool' ? 'tool' : kind === 'stop' ? 'assistant' : event.speaker;
  return { project_id, session_key, at, speaker, text, sequence: sequence ?? null };
}

export function titleOf({ title, text }: PreparedEvent): string {
  return title ?? (line(text, MOST_OF_TITLE) || 'Untitled');
}

/** The body of the context that a checkpoint is. */
export function checkpointOf(event: PreparedEvent, project_id: string): Body {
  return {
    ...contextOf(event, project_id),
    context_type: 'checkpoint',
    title: titleOf(event),
    dense_summary: plain(event.text),
    importance: 7,
  };
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

/** `git_branch`, `git_commit`, `files_changed`, as far as they are known. */
export function metadataOf({ git }: PreparedEvent): Record<string, unknown> | null {
  const { branch: git_branch, commit: git_commit, changed_files: files_changed } = git ?? {};
  const known = Object.entries({ git_branch, git_commit, files_changed }).filter(
    ([, value]) => value !== undefined,
  );
  return known.length > 0 ? Object.fromEntries(known) : null;
}

/** The body of the snippet that a note is. */
export function snippetOf(event: PreparedEvent, project_id: string): Body {
  const { text, title, tags, at } = event;
  return {
    project_id,
    category: 'fact',
    content: plain(text),
    occurred_at: at,
    ...(title ? { title } : {}),
    ...(tags ? { tags } : {}),
  };
}
