import { ClientError, EXIT } from '../cli/errors.js';
import { MEND_TOKEN } from '../refusals.js';
import type { Answered } from '../server/request-types.js';
import { answerOf, contentOf, type Wanted } from '../server/server.js';
import { type UserConnection, userConnection } from './connection.js';
import { isFresh, LOG_IN, renew } from './tokens.js';

/** What to do where the server does not know the token. */
function mendOf({ source }: UserConnection): string {
  if (source === 'session') return LOG_IN;
  return source === 'configuration'
    ? `opskeep login, or ${MEND_TOKEN}`
    : `put another into ${source}, or unset it`;
}

/** The token of the hooks is for the memory: who asks for more is told how to come as oneself. */
function limited({ body }: Answered): ClientError {
  const said = typeof body?.error === 'string' ? body.error : 'The token may not do that';
  return new ClientError(
    `${said}. This is the token of opskeep hooks install; opskeep login logs you in as yourself`,
    EXIT.failed,
    'authorization',
  );
}

/** How the server is reached as the user of this machine, with an access token that is good for a while. */
export async function userDoor(): Promise<UserConnection> {
  const connection = userConnection();
  const { url, session } = connection;
  if (!session || isFresh(session)) return connection;
  const renewed = await renew(url, session.access_token);
  return { ...connection, session: renewed, token: renewed.access_token };
}

/**
 * Asks the server as the user of this machine (`userConnection`). An access token of a session that is over, or about to
 * be, is exchanged; so is one that the server does not know any more: it has done nothing then.
 *
 * @throws ClientError as `answerOf` and `contentOf`, and without a server or a token
 */
export async function askAsUser<T>(wanted: Wanted): Promise<T> {
  const connection = await userDoor();
  const { url, source, token } = connection;
  let answer = await answerOf(wanted, { url, token });
  if (answer.status === 401 && source === 'session')
    answer = await answerOf(wanted, { url, token: (await renew(url, token)).access_token });
  if (answer.status === 403 && source === 'configuration') throw limited(answer);
  return contentOf<T>(answer, url, { mend: mendOf(connection), holds: wanted.holds });
}
