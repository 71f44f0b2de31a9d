import { ClientError, EXIT } from '../cli/errors.js';
import type { Answered } from '../server/request-types.js';
import { answerOf, contentOf, notOpskeep } from '../server/server.js';
import { ioFault } from '../disk/faults.js';
import { alone, readSession, type Session, sessionFile, writeSession } from './session-file.js';

/** What a login or a refresh answers with. */
export interface Tokens {
  access_token: string;
  /** Seconds. */
  expires_in: number;
  refresh_token: string;
  scopes: string[];
}

/** Before its end a token is exchanged: a request takes its time, and clocks differ. */
const MARGIN_MS = 30_000;

/** Of a lock that others wait for. */
const PATIENCE_MS = 15_000;

/** No access token lasts for years. */
const LONGEST_S = 100_000_000;

export const LOG_IN = 'log in again with opskeep login';

const ended = (url: string) =>
  new ClientError(`The session at ${url} has ended: ${LOG_IN}`, EXIT.failed, 'authentication');

/** @throws ClientError for an answer that holds no tokens, or refuses them */
export function tokensIn(answer: Answered, url: string): Tokens {
  const tokens = contentOf<Partial<Tokens>>(answer, url);
  const { access_token, refresh_token, expires_in, scopes } = tokens;
  const isWhole =
    typeof access_token === 'string' &&
    typeof refresh_token === 'string' &&
    Array.isArray(scopes) &&
    scopes.every(one => typeof one === 'string') &&
    typeof expires_in === 'number' &&
    expires_in > 0 &&
    expires_in < LONGEST_S;
  if (!isWhole) throw notOpskeep(url);
  return tokens as Tokens;
}

/** A session with new tokens. */
export function sessionWith(
  { access_token, refresh_token, expires_in }: Tokens,
  known: Pick<Session, 'email' | 'logged_in_at'>,
): Session {
  const expires_at = new Date(Date.now() + expires_in * 1_000).toISOString();
  const { email, logged_in_at } = known;
  return { email, access_token, refresh_token, expires_at, logged_in_at };
}

/** Whether the access token works for another while; a clock that went back makes none last longer. */
export function isFresh({ expires_at }: Session): boolean {
  return Date.parse(expires_at) - Date.now() > MARGIN_MS;
}

/**
 * New tokens for a session, unless another process has fetched them already. The refresh token works once, and a second
 * use ends the session: so one process at a time, and the disk has the new one before anybody goes on.
 *
 * @param stale the access token that is not good any more
 * @throws ClientError when the session has ended
 */
export function renew(url: string, stale: string): Promise<Session> {
  return alone(url, async () => {
    const session = readSession(url);
    if (!session) throw ended(url);
    return session.access_token === stale ? exchange(url, session) : session;
  });
}

function store(url: string, session: Session): void {
  try {
    writeSession(url, session);
  } catch (error) {
    throw ioFault(`The session in ${sessionFile(url)} cannot be written`, error);
  }
}

/** For whoever is `alone`. */
export async function exchange(url: string, session: Session): Promise<Session> {
  // A disk that takes nothing would lose the next token when this one is used up: better not to ask for it.
  store(url, session);
  const { refresh_token } = session;
  const wanted = { method: 'POST', path: '/auth/refresh', body: { refresh_token }, patience: PATIENCE_MS };
  const answer = await answerOf(wanted, { url });
  if (answer.status === 401) throw ended(url);
  const next = sessionWith(tokensIn(answer, url), session);
  store(url, next);
  return next;
}
