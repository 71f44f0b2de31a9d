import { projectOf, type Project } from '../project/project.js';
import { asObject } from '../private-files.js';
import { request } from '../server/request.js';
import { type Answered, UnreachableError } from '../server/request-types.js';
import { cut } from '../cut.js';
import { clean, keyOf, sessionKey } from '../spool/event.js';
import { MOST_TOLD, telling } from './answer.js';
import { likeIn, readCache, type Remembered, writeCache } from './cache.js';
import type { HookContext } from './context.js';
import { folderOf, type Payload, textOf } from './payload.js';
import { readSession, type SessionState, writeSession } from './session-state.js';
import { asksFor } from '../project/asks-for.js';

/** What a prompt is recalled by: its beginning says enough. */
const MOST_OF_QUERY = 4_000;
/** What is told has the ends of ids. */
const SHOWN_OF_ID = 8;
/** What is remembered of an answer. */
const MOST_ITEMS = 100;
const MOST_OF_ID = 128;

/** Recalls what is known about a prompt, and nothing that this session has been told; keeps the prompt as a turn. */
export async function prompted(payload: Payload, context: HookContext): Promise<string | undefined> {
  const prompt = clean(textOf(payload, 'prompt') ?? '');
  if (prompt === '') return undefined;
  const session = sessionKey(payload.session_id);
  const project = projectOf(folderOf(payload));
  const { told, since } = readSession(context.state, session);
  // A command of the host is no question.
  const asked = prompt.startsWith('/')
    ? undefined
    : ask(cut(prompt, MOST_OF_QUERY), project, { session, since, told }, context);
  const at = new Date();
  context.keep({
    key: keyOf('prompt', session, textOf(payload, 'prompt_id') ?? at.toISOString(), prompt),
    kind: 'turn',
    speaker: 'user',
    at: at.toISOString(),
    sequence: Math.floor(at.getTime() / 1000),
    session_key: session,
    project,
    source: 'hook',
    text: prompt,
  });
  const found = await asked;
  if (!found) return undefined;
  const { answer, told: text } = telling(context.event, found.text);
  const ids = found.ids.filter(id => text.includes(id.slice(-SHOWN_OF_ID)));
  const before = readSession(context.state, session);
  writeSession(context.state, session, { ...before, told: [...before.told, ...ids] });
  return answer;
}

interface Found {
  text: string;
  ids: string[];
}

/** The session that asks, and what it knows already. */
interface Asking extends Pick<SessionState, 'told' | 'since'> {
  session: string;
}

async function ask(
  query: string,
  project: Project,
  { session, since, told }: Asking,
  context: HookContext,
): Promise<Found | undefined> {
  const { connection, log, event } = context;
  if (!connection.url || !connection.token)
    return void log.warn(event, connection.fault ?? 'no server or no token is configured');
  let answered: Answered;
  try {
    answered = await request({
      method: 'POST',
      url: `${connection.url}/api/conversation-contexts/recall`,
      token: connection.token,
      body: {
        query,
        ...asksFor(project, 'project_'),
        exclude_ids: told,
        exclude_session_key: session,
        exclude_session_since: since,
      },
      patience: context.left,
    });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    log.warn(event, error.message);
    return offline(query, project, told, context);
  }
  const { status, body } = answered;
  if (status !== 200) return void log.warn(event, `the server answered with ${status}`);
  const text = typeof body?.markdown === 'string' ? body.markdown.trim() : '';
  if (text === '') return undefined;
  const items = (Array.isArray(body?.items) ? body.items : [])
    .slice(0, MOST_ITEMS)
    .map(one => asObject(one) ?? {});
  const lines = items.map(asRemembered).filter(one => one !== undefined);
  writeCache(context.state, project, { items: lines });
  return { text, ids: lines.map(one => one.id) };
}

function asRemembered({ id, type, title, text, at }: Record<string, unknown>): Remembered | undefined {
  if (typeof id !== 'string' || id.length > MOST_OF_ID || typeof text !== 'string') return undefined;
  const named = typeof title === 'string' ? `${cut(title, 255)}: ` : '';
  const [day, kind] = [at, type].map(one => (typeof one === 'string' ? cut(one, 40) : 'unknown'));
  return {
    id,
    line: `- ${day?.slice(0, 10)} ${kind} ${id}: ${named}${cut(text, 800)}`.replace(/\n+/g, ' '),
  };
}

/** What was recalled earlier and is like the prompt, said to be so. */
function offline(query: string, project: Project, told: string[], { state }: HookContext): Found | undefined {
  const cached = readCache(state, project);
  const fresh = (cached?.items ?? []).filter(one => !told.includes(one.id));
  const like = likeIn(fresh, query);
  if (!cached || like.length === 0) return undefined;
  const head = `Offline: the server is not reachable; recalled earlier, as of ${cached.at}.`;
  const text = [head, '', ...like.map(one => one.line)].join('\n');
  return { text: cut(text, MOST_TOLD), ids: like.map(one => one.id) };
}
