import { asksFor } from '../project/asks-for.js';
import type { Project } from '../project/project.js';
import { sessionKey } from '../spool/event.js';
import { telling } from './answer.js';
import { ask } from './ask.js';
import { readCache } from './cache.js';
import type { HookContext } from './context.js';
import { type Payload, textOf, workOf } from './payload.js';
import { tellRefused } from './refused.js';
import { forgetOldSessions, readSession } from './session-state.js';

const MOST_TOKENS = 1_000;

/**
 * Tells a session where its project stands: once, and again when the host has forgotten it (`clear`, `compact`). A
 * session that is resumed has it already, and so has one that goes on from another (`fork`).
 */
export async function sessionStart(payload: Payload, context: HookContext): Promise<string | undefined> {
  const { server } = context;
  const session = sessionKey(payload.session_id);
  const source = textOf(payload, 'source');
  const known = readSession(server, session);
  const isForgotten = source === 'clear' || source === 'compact';
  const hasIndex = source === 'fork' || (known.index && !isForgotten);
  const now = isForgotten ? { ...known, told: [], since: new Date().toISOString() } : known;
  if (isForgotten || !known.index) context.note(session, { ...now, index: hasIndex });
  let answer: string | undefined;
  if (!hasIndex) {
    const found = await indexOf(workOf(payload).project, context);
    if (typeof found === 'object') answer = tellRefused(found.refused, session, context);
    else if (found) {
      answer = telling(context.event, found).answer;
      context.note(session, { ...now, index: true });
    }
  }
  if (source === 'startup') forgetOldSessions(server);
  if (context.spool.waiting().length > 0) await context.startUpload();
  return answer;
}

/** From the server, else as it was when the server was last there; undefined when nothing is known. */
async function indexOf(
  project: Project,
  context: HookContext,
): Promise<string | { refused: string } | undefined> {
  const query = new URLSearchParams({ ...asksFor(project, ''), max_tokens: String(MOST_TOKENS) });
  const found = await ask('GET', `/memory/index?${query.toString()}`, undefined, context);
  if (!found || 'refused' in found) return found;
  if ('away' in found) {
    const cached = readCache(context.server, project);
    return cached?.index && `Offline: the server is not reachable; as of ${cached.at}.\n\n${cached.index}`;
  }
  const { markdown } = found.body;
  const index = typeof markdown === 'string' ? markdown.trim() : '';
  if (index !== '') context.cache(project, { index });
  return index || undefined;
}
