import { MEND_TOKEN, refusalOf } from '../refusals.js';
import { request } from '../server/request.js';
import { type Answered, UnreachableError } from '../server/request-types.js';
import type { HookContext } from './context.js';

/** What came of a question: the body of the answer, or why there is none. */
export type Found =
  | { body: Record<string, unknown> }
  /** Nobody answers: what was recalled earlier may help. */
  | { away: string }
  /** The token is refused: nothing helps until it is mended. */
  | { refused: string };

/** With less time than that a server that is well may be too late. */
const FAIR_MS = 500;

/**
 * Asks the memory something. A server that was silent is left alone for a while: the next prompts do not wait for it.
 * Undefined when there is nobody to ask, or what came is of no use; the log says why.
 */
export async function ask(
  method: 'GET' | 'POST',
  path: string,
  body: object | undefined,
  { connection, log, event, silence, uploads, left: patience }: HookContext,
): Promise<Found | undefined> {
  const { url, token, fault } = connection;
  if (!url || !token) return void log.warn(event, fault ?? 'no server or no token is configured');
  const silent = silence.current();
  if (silent) return { away: silent.reason };
  let answered: Answered;
  try {
    answered = await request({ method, url: `${url}/api${path}`, token, body, patience });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    const { code, message: reason } = error;
    log.warn(event, reason);
    if (code === 'ETIMEDOUT' && patience >= FAIR_MS) silence.begin({ kind: 'away', reason });
    return { away: reason };
  }
  const { status } = answered;
  silence.end();
  if (status === 200 && answered.body) {
    uploads.end('away', 'token');
    return { body: answered.body };
  }
  const { kind, reason } = refusalOf(status, 'read the memory');
  log.warn(event, kind === 'busy' ? reason : `${reason}. To mend: ${MEND_TOKEN}`);
  if (status === 502 || status === 503 || status === 504) return { away: reason };
  if (kind === 'token' && !uploads.current()) uploads.begin({ kind, reason });
  return kind === 'busy' ? undefined : { refused: reason };
}
