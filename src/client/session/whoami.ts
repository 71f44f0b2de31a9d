import type { Call } from '../cli/command.js';
import { print } from '../cli/output.js';
import { askAsUser } from './as-user.js';
import { userConnection } from './connection.js';

interface Me {
  id: string;
  email: string;
  name: string;
  scopes: string[];
  client_access: string;
  totp_enrolled: boolean;
}

const SOURCES = {
  OPSKEEP_TOKEN: 'the variable OPSKEEP_TOKEN',
  CREDENTIALS_MANAGER_TOKEN: 'the variable CREDENTIALS_MANAGER_TOKEN',
  session: 'the session of opskeep login',
  configuration: 'the configuration, from opskeep hooks install',
};

/** Says who asks the server, where, with which scopes, and where the token comes from. */
export async function whoami(call: Call): Promise<void> {
  const { id, email, name, scopes, client_access, totp_enrolled } = await askAsUser<Me>({ path: '/auth/me' });
  const { url, source, session, token } = userConnection();
  // What an access token may do is a part of that; which one, the server tells nobody.
  const isLimited = token.startsWith('okt_');
  const told = {
    url,
    id,
    email,
    name,
    scopes,
    client_access,
    totp_enrolled,
    token_source: source,
    access_token: isLimited,
    logged_in_at: session?.logged_in_at ?? null,
  };
  print(call.json, told, () =>
    [
      `${name} <${email}> at ${url}`,
      `Scopes: ${scopes.join(', ')}${isLimited ? ' (of the user; the access token may have fewer)' : ''}`,
      `Clients: ${client_access}`,
      `Token: from ${SOURCES[source]}${session ? `, logged in at ${session.logged_in_at}` : ''}`,
    ].join('\n'),
  );
}
