import { projectOf } from '../project/project.js';
import { request } from '../server/request.js';
import { UnreachableError } from '../server/request-types.js';
import { sessionKey } from '../spool/event.js';
import { telling } from './answer.js';
import { readCache, writeCache } from './cache.js';
import type { HookContext } from './context.js';
import { folderOf, type Payload, textOf } from './payload.js';
import { forgetOldSessions, readSession, writeSession } from './session-state.js';
import { asksFor } from '../project/asks-for.js';

const MOST_TOKENS = 1_000;

/**
 * Tells a session where its project stands: once, and again when the host has forgotten it (`clear`, `compact`). A
 * session that is resumed has it already.
 */
export async function sessionStart(payload: Payload, context: HookContext): Promise<string | undefined> {
  const { state } = context;
  const session = sessionKey(payload.session_id);
  const source = textOf(payload, 'source');
  const known = readSession(state, session);
  const isForgotten = source === 'clear' || source === 'compact';
  const index = known.index && !isForgotten;
  const now = isForgotten ? { index, told: [], since: new Date().toISOString() } : known;
  if (isForgotten || !known.index) writeSession(state, session, now);
  let answer: string | undefined;
  if (!index) {
    const project = projectOf(folderOf(payload));
    const text = await indexOf(project, context);
    if (text) {
      answer = telling(context.event, text).answer;
      writeSession(state, session, { ...now, index: true });
    }
  }
  if (source === 'startup') forgetOldSessions(state);
  if (context.spool.waiting().length > 0) await context.startUpload();
  return answer;
}

/** From the server, else as it was when the server was last there; undefined when nothing is known. */
async function indexOf(
  project: ReturnType<typeof projectOf>,
  context: HookContext,
): Promise<string | undefined> {
  const { connection, state, log, event, left } = context;
  if (!connection.url || !connection.token)
    return void log.warn(event, connection.fault ?? 'no server or no token is configured');
  const query = new URLSearchParams({ ...asksFor(project, ''), max_tokens: String(MOST_TOKENS) });
  const url = `${connection.url}/api/memory/index?${query.toString()}`;
  try {
    const { status, body } = await request({
      method: 'GET',
      url,
      token: connection.token,
      patience: left,
    });
    if (status !== 200) return void log.warn(event, `the server answered with ${status}`);
    const markdown = typeof body?.markdown === 'string' ? body.markdown.trim() : '';
    if (markdown !== '') writeCache(state, project, { index: markdown });
    return markdown || undefined;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    log.warn(event, error.message);
    const cached = readCache(state, project);
    return cached?.index && `Offline: the server is not reachable; as of ${cached.at}.\n\n${cached.index}`;
  }
}
