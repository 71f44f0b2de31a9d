import { asObject } from '../private-files.js';
import { asksFor } from '../project/asks-for.js';
import type { Project } from '../project/project.js';
import { cut } from '../cut.js';
import { clean, saidKey, sessionKey } from '../spool/event.js';
import { isSaid } from '../transcript/line.js';
import { MOST_TOLD, telling } from './answer.js';
import { ask } from './ask.js';
import { likeIn, names, readCache, toldOf } from './cache.js';
import type { HookContext } from './context.js';
import { type Payload, textOf, workOf } from './payload.js';
import { tellRefused } from './refused.js';
import { readSession, type SessionState } from './session-state.js';

/** What a prompt is recalled by: its beginning says enough. */
const MOST_OF_QUERY = 4_000;
/** What is remembered of an answer. */
const MOST_ITEMS = 100;
const MOST_OF_ID = 128;

/** Recalls what is known about a prompt, and nothing that this session has been told; keeps the prompt as a turn. */
export async function prompted(payload: Payload, context: HookContext): Promise<string | undefined> {
  const prompt = clean(textOf(payload, 'prompt') ?? '');
  // The host tells of tasks in the background by prompts that nobody wrote.
  if (prompt === '' || !isSaid(prompt)) return undefined;
  const session = sessionKey(payload.session_id);
  const { project } = workOf(payload);
  const known = readSession(context.server, session);
  // A command of the host is no question.
  const asked = prompt.startsWith('/')
    ? undefined
    : recalled(cut(prompt, MOST_OF_QUERY), project, { session, ...known }, context);
  const at = new Date();
  context.keep({
    key: saidKey(session, 'user', textOf(payload, 'prompt_id'), prompt),
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
  if ('refused' in found) return tellRefused(found.refused, session, context);
  const { answer, told: text } = telling(context.event, found.text);
  const ids = found.ids.filter(id => names(text, id));
  const before = readSession(context.server, session);
  context.note(session, { ...before, told: [...before.told, ...ids] });
  return answer;
}

interface Recalled {
  text: string;
  ids: string[];
}

/** The session that asks, and what it knows already. */
interface Asking extends Pick<SessionState, 'told' | 'since'> {
  session: string;
}

async function recalled(
  query: string,
  project: Project,
  { session, since, told }: Asking,
  context: HookContext,
): Promise<Recalled | { refused: string } | undefined> {
  const wanted = {
    query,
    ...asksFor(project, 'project_'),
    exclude_ids: told,
    exclude_session_key: session,
    exclude_session_since: since,
  };
  const found = await ask('POST', '/conversation-contexts/recall', wanted, context);
  if (!found || 'refused' in found) return found;
  if ('away' in found) return offline(query, project, told, context);
  const { markdown, items: all } = found.body;
  const text = typeof markdown === 'string' ? markdown.trim() : '';
  if (text === '') return undefined;
  const items = (Array.isArray(all) ? all : []).slice(0, MOST_ITEMS).map(one => asObject(one)?.id);
  const ids = items.filter(one => typeof one === 'string' && one.length <= MOST_OF_ID) as string[];
  context.cache(project, { items: toldOf(text, ids) });
  return { text, ids };
}

/** What was recalled earlier and is like the prompt, said to be so. */
function offline(
  query: string,
  project: Project,
  told: string[],
  { server }: HookContext,
): Recalled | undefined {
  const cached = readCache(server, project);
  const fresh = (cached?.items ?? []).filter(one => !told.includes(one.id));
  const like = likeIn(fresh, query);
  if (!cached || like.length === 0) return undefined;
  const head = `Offline: the server is not reachable; recalled earlier, as of ${cached.at}.`;
  const text = [head, '', ...like.map(one => one.line)].join('\n');
  return { text: cut(text, MOST_TOLD), ids: like.map(one => one.id) };
}
