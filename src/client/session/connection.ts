import { ClientError, EXIT } from '../cli/errors.js';
import { connectionOf } from '../configuration.js';
import { surroundings } from '../environment.js';
import { isServerUrl, withoutSlash } from '../server/addresses.js';
import { currentServer, readSession, type Session } from './session-file.js';

/** Where a token comes from. */
export type TokenSource = 'OPSKEEP_TOKEN' | 'CREDENTIALS_MANAGER_TOKEN' | 'session' | 'configuration';

/** How the server is reached, and as whom. */
export interface UserConnection {
  url: string;
  token: string;
  source: TokenSource;
  /** Of the source `session`. */
  session?: Session;
}

const VARIABLES = ['OPSKEEP_TOKEN', 'CREDENTIALS_MANAGER_TOKEN'] as const;

/** The variable that brings a token along: it comes before every session. */
export function tokenVariable(): (typeof VARIABLES)[number] | undefined {
  const { variable } = surroundings();
  return VARIABLES.find(name => variable(name)?.trim());
}

/**
 * The server for what a person does: OPSKEEP_URL, else that of the last login, else that of the configuration.
 *
 * @throws ClientError for none, or what is no address
 */
export function userServer(): string {
  const given = withoutSlash(surroundings().variable('OPSKEEP_URL'));
  if (given !== undefined && !isServerUrl(given))
    throw new ClientError('OPSKEEP_URL is no address of a server', EXIT.usage, 'no_server');
  const url = given ?? currentServer() ?? connectionOf().url;
  if (url === undefined)
    throw new ClientError(
      'No server is known. Run: opskeep login --url URL, or set OPSKEEP_URL',
      EXIT.usage,
      'no_server',
    );
  return url;
}

/**
 * The first token that there is: of OPSKEEP_TOKEN, of CREDENTIALS_MANAGER_TOKEN, of the session at this server, of the
 * configuration of this server.
 *
 * @throws ClientError for none
 */
export function userConnection(): UserConnection {
  const url = userServer();
  const source = tokenVariable();
  if (source) return { url, token: surroundings().variable(source)?.trim() ?? '', source };
  const session = readSession(url);
  if (session) return { url, token: session.access_token, source: 'session', session };
  const known = connectionOf();
  if (known.url === url && known.token) return { url, token: known.token, source: 'configuration' };
  throw new ClientError(
    `Nobody is logged in at ${url}. Run: opskeep login, or set OPSKEEP_TOKEN`,
    EXIT.usage,
    'no_token',
  );
}

/** Whether somebody is logged in at the server that is meant. */
export function hasSession(): boolean {
  const url = withoutSlash(surroundings().variable('OPSKEEP_URL')) ?? currentServer();
  return url !== undefined && isServerUrl(url) && readSession(url) !== undefined;
}
