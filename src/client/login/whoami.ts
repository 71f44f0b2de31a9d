import type { Call } from '../cli/command.js';
import { print } from '../cli/output.js';
import { clientNames } from '../naming/client-names.js';
import { askAsUser } from '../session/as-user.js';
import { userConnection } from '../session/connection.js';

/** Of which clients somebody sees rows. */
interface Sees {
  client_access: string;
  client_ids?: string[];
}

interface Token extends Sees {
  name: string;
  scopes: string[];
  resources: string[];
  credential_ids: string[];
  actions: string[];
  uses_left: number | null;
  expires_at: string;
}

interface Me extends Sees {
  id: string;
  email: string;
  name: string;
  scopes: string[];
  totp_enrolled: boolean;
  /** What asks, where it is an access token; an earlier server does not say. */
  access_token?: Token;
}

const SOURCES = {
  OPSKEEP_TOKEN: 'the variable OPSKEEP_TOKEN',
  CREDENTIALS_MANAGER_TOKEN: 'the variable CREDENTIALS_MANAGER_TOKEN',
  session: 'the session of opskeep login',
  configuration: 'the configuration, from opskeep hooks install',
};

/** Says who asks the server, where, with which scopes, and where the token comes from. */
export async function whoami(call: Call): Promise<void> {
  const me = await askAsUser<Me>({
    path: '/auth/me',
    holds: ['id', 'email', 'name', 'scopes[]', 'client_access'],
  });
  const { id, email, name, scopes, client_access, totp_enrolled, access_token: made } = me;
  const { url, source, session, token } = userConnection();
  const isLimited = token.startsWith('okt_');
  const told = {
    url,
    id,
    email,
    name,
    scopes,
    client_access,
    client_ids: me.client_ids ?? [],
    totp_enrolled,
    token_source: source,
    access_token: isLimited,
    ...(made ? { token: made } : {}),
    logged_in_at: session?.logged_in_at ?? null,
  };
  const names = call.json ? new Map<string, string>() : await clientNames(clientsOf(me, made));
  print(call.json, told, () =>
    [
      `${name} <${email}> at ${url}`,
      `Scopes: ${scopes.join(', ')}${isLimited ? ' (of the user; the access token may have fewer)' : ''}`,
      `Clients: ${seen(me, names)}`,
      ...(made ? ofToken(made, names) : []),
      `Token: from ${SOURCES[source]}${session ? `, logged in at ${session.logged_in_at}` : ''}`,
    ].join('\n'),
  );
}

/** Names are told of so many clients. */
const TOLD = 10;

const clientsOf = (...all: (Sees | undefined)[]) =>
  all.flatMap(one => (one?.client_ids ?? []).slice(0, TOLD));

/** `all`, or `only` and `except` with the names of clients, as far as the token may see them. */
function seen({ client_access, client_ids = [] }: Sees, names: Map<string, string>): string {
  if (client_access === 'all') return client_access;
  const told = client_ids.slice(0, TOLD).map(id => names.get(id) ?? id);
  const more = client_ids.length > TOLD ? ` and ${client_ids.length - TOLD} more` : '';
  return `${client_access} ${told.join(', ') || 'none'}${more}`;
}

function ofToken(made: Token, names: Map<string, string>): string[] {
  const { scopes, resources, credential_ids, actions, uses_left, expires_at } = made;
  const opens =
    credential_ids.length === 0 ? 'none' : `${credential_ids.length} (${actions.join(', ') || 'no action'})`;
  return [
    `Access token: ${made.name}, until ${expires_at}${uses_left === null ? '' : `, ${uses_left} uses left`}`,
    `  Scopes: ${scopes.join(', ')}`,
    `  For: ${resources.join(', ') || 'all resources'}`,
    `  Clients: ${seen(made, names)}`,
    `  Credentials that it names: ${opens}`,
  ];
}
