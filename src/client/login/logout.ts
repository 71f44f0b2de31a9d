import type { Call } from '../cli/command.js';
import { ClientError, EXIT } from '../cli/errors.js';
import { print, printNotice } from '../cli/output.js';
import { namedServer } from '../server/named-server.js';
import { answerOf } from '../server/server.js';
import { userServer } from '../session/connection.js';
import {
  alone,
  forgetCurrentServer,
  readSession,
  removeSession,
  type Session,
} from '../session/session-file.js';
import { exchange, isFresh } from '../session/tokens.js';

/** Why the server could not be told; undefined when it was, or when the session had ended there already. */
async function endThere(url: string, session: Session): Promise<string | undefined> {
  try {
    const { access_token } = isFresh(session) ? session : await exchange(url, session);
    const wanted = { method: 'POST', path: '/auth/logout', patience: 10_000 };
    const { status } = await answerOf(wanted, { url, token: access_token });
    return status < 400 || status === 401 ? undefined : `the server answered with ${status}`;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return error.code === 'authentication' ? undefined : error.message;
  }
}

/** The session, or nothing where the file is not to be trusted: it goes in any case. */
function known(url: string): { session?: Session; fault?: string } {
  try {
    return { session: readSession(url) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/**
 * Ends the session at the server, and removes it from this machine, whether the server is there or not.
 *
 * @returns 4 when the server could not be told
 */
export async function logout(call: Call): Promise<number> {
  const url = namedServer(call) ?? userServer();
  const { session, fault } = await alone(url, async () => {
    const { session: found, fault: unread } = known(url);
    const untold = found ? await endThere(url, found) : unread;
    removeSession(url);
    return { session: found, fault: untold };
  });
  forgetCurrentServer(url);
  if (fault !== undefined)
    printNotice(
      `The server was not told: ${fault}. The session is removed from this machine; at the server it ends by itself ` +
        '(30 days after it began unless the server says otherwise), or by POST /api/auth/logout-all.',
    );
  const told = {
    url,
    logged_in: session !== undefined,
    ended_at_server: session !== undefined && fault === undefined,
  };
  print(call.json, told, () =>
    session || fault ? `Logged out of ${url}.` : `Nobody was logged in at ${url}.`,
  );
  return fault === undefined ? EXIT.ok : EXIT.away;
}
