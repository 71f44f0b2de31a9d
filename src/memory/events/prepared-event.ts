import { ValidationError } from '../../core/context/errors.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { redactFields } from '../../core/redaction/redact-fields.js';
import { withoutRecalled } from '../../formats/recalled.js';
import { MemoryEventBody } from './event.bodies.js';
import { line, plain } from '../text/plain.js';

const MOST_OF_TOOL = 500;

/** An event as it may be stored: checked, without secrets, without what was recalled into it. */
export type PreparedEvent = MemoryEventBody;

/** 422 where the event is not valid, or says nothing of its own. */
export async function preparedEvent(item: object): Promise<PreparedEvent> {
  const event = await validateBody(MemoryEventBody, item);
  if (event.kind === 'turn' && event.speaker === undefined)
    throw ValidationError.of('speaker', 'is required of a turn', 'required');
  const text = plain(withoutRecalled(event.text), event.text.length);
  if (text === '') throw ValidationError.of('text', 'holds nothing but what was recalled', 'isNotEmpty');
  const masked = await redactFields({ ...event, ...nameless(event.project), text }, [
    'session_key',
    'text',
    'title',
    'tags',
    'git',
    'project_name',
    'project_path',
  ]);
  const { project_name, project_path, ...rest } = masked;
  return {
    ...rest,
    at: pastOf(event.at),
    text: event.kind === 'tool' ? line(masked.text, MOST_OF_TOOL) : plain(masked.text),
    project: { name: project_name, remote: event.project.remote, path: project_path },
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
