import { ValidationError } from '../../core/context/errors.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { type Mask, masked, textsIn } from '../../core/redaction/known-secrets.js';
import { redactFields } from '../../core/redaction/redact-fields.js';
import { kindOf, MOST_OF_EVENT } from '../../formats/memory-event.js';
import { withoutRecalled } from '../../formats/recalled.js';
import { redact } from '../../formats/redaction/redact.js';
import { withoutPassword } from '../projects/remote.js';
import { type EventGit, MemoryEventBody } from './event.bodies.js';
import { withoutHostMarkup } from '../text/markup.js';
import { line, plain } from '../text/plain.js';

const MOST_OF_TOOL = 500;

/** An event as it may be stored: checked, without secrets, without what was recalled into it. */
export type PreparedEvent = MemoryEventBody;

/** 422 where the event is not valid, or says nothing of its own. */
export async function preparedEvent(item: object): Promise<PreparedEvent> {
  const event = await validateBody(MemoryEventBody, item);
  if (kindOf(event.kind).turn === 'named' && event.speaker === undefined)
    throw ValidationError.of('speaker', 'is required of a turn', 'required');
  requireOpen(event.key, redact);
  const text = plain(withoutHostMarkup(withoutRecalled(event.text)), event.text.length);
  if (text === '')
    throw ValidationError.of(
      'text',
      'holds nothing but what was recalled, or what the host wrote',
      'isNotEmpty',
    );
  const git = event.git && tidyGit(event.git);
  const title = event.title && withoutRecalled(event.title).trim();
  const clean = await redactFields(
    { ...event, ...nameless(event.project), text, git, title: title || undefined },
    ['session_key', 'text', 'title', 'tags', 'git', 'project_name', 'project_path'],
  );
  const { project_name, project_path, ...rest } = clean;
  return {
    ...rest,
    at: pastOf(event.at),
    project: { name: project_name, remote: withoutPassword(event.project.remote ?? ''), path: project_path },
  };
}

/** The texts of an event in which a secret may stand that is known by its value. */
export function* textsOfEvent(event: PreparedEvent): Generator<string, void, undefined> {
  yield event.key;
  yield* textsIn(masking(event));
}

/** An event without these secrets either, each text as long as it is kept; 422 where its key is one. */
export function keptEvent(event: PreparedEvent, mask: Mask | undefined): PreparedEvent {
  if (mask) requireOpen(event.key, mask);
  const kept = mask ? { ...event, ...(masked(masking(event), mask) as Partial<PreparedEvent>) } : event;
  const text = event.kind === 'tool' ? line(kept.text, MOST_OF_TOOL) : plain(kept.text);
  return { ...kept, text: text || '…' };
}

function requireOpen(key: string, mask: Mask): void {
  if (mask(key) !== key) throw ValidationError.of('key', 'must not be a secret', 'secret');
}

function masking({ session_key, text, title, tags, git, project }: PreparedEvent): Partial<PreparedEvent> {
  return { session_key, text, title, tags, git, project };
}

/** What is no commit is none; each file is one line. */
function tidyGit({ branch, commit, changed_files }: EventGit): EventGit {
  return {
    ...(branch ? { branch } : {}),
    ...(commit && /^[0-9a-f]{7,64}$/.test(commit) ? { commit } : {}),
    ...(changed_files
      ? { changed_files: changed_files.map(one => line(one, MOST_OF_EVENT.changed_file)) }
      : {}),
  };
}

/** Under a name of their own: the value beside `name` is masked by what the name says. */
function nameless({ name, path }: MemoryEventBody['project']): {
  project_name: string;
  project_path?: string;
} {
  return { project_name: name, ...(path === undefined ? {} : { project_path: path }) };
}

/** A clock that is ahead does not keep what comes later from being the newest. */
function pastOf(at: string): string {
  return new Date(Math.min(Date.parse(at), Date.now())).toISOString();
}
