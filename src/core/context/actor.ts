import { AuthorizationError } from './errors.js';

export const SCOPES = ['msp:read', 'msp:write', 'msp:admin'] as const;
export type Scope = (typeof SCOPES)[number];
export type ClientAccess = 'all' | 'only' | 'except';

/** Whoever acts: a user with a token, or the system (command line, jobs). Never holds a secret. */
export interface Actor {
  kind: 'user' | 'system';
  /** The user's id; the name of the job or command for the system. */
  id: string;
  /** Email of a user, as the audit names it. */
  name: string;
  scopes: ReadonlySet<string>;
  client_access: ClientAccess;
  client_ids: readonly string[];
  /** The login (family of refresh tokens) behind the token. */
  login_id: string | null;
  /** Of whoever acts by an access token, which may do no more than this. */
  token?: TokenPowers;
}

/** What an access token may do with the credentials that it names, beside what its scopes allow. */
export const TOKEN_ACTIONS = ['reveal', 'totp'] as const;
export type TokenAction = (typeof TOKEN_ACTIONS)[number];

export interface TokenPowers {
  id: string;
  name: string;
  credential_ids: ReadonlySet<string>;
  actions: ReadonlySet<string>;
  /** Whether its routes may be those of a resource, by the path of that. */
  reaches: (path: string) => boolean;
}

/** An actor for the command line and for jobs: sees every client, holds every scope. */
export function systemActor(name: string): Actor {
  return {
    kind: 'system',
    id: name,
    name,
    scopes: new Set(SCOPES),
    client_access: 'all',
    client_ids: [],
    login_id: null,
  };
}

/** Whether the actor's token, if it is an access token, names the credential. */
export function namesCredential({ token }: Actor, id: string): boolean {
  return !token || token.credential_ids.has(id);
}

/** Whether the actor's token lets it open the secrets of a credential, or have codes made; its rights come beside it. */
export function mayOpen(actor: Actor, id: string, action: TokenAction = 'reveal'): boolean {
  return namesCredential(actor, id) && (!actor.token || actor.token.actions.has(action));
}

/** Whether the actor's token, if it is an access token, is for a resource; for routes that tell of other resources, too. */
export function reaches({ token }: Actor, path: string): boolean {
  return !token || token.reaches(path);
}

/** 403 for an access token that is not for a resource. */
export function requireReach(actor: Actor, path: string): void {
  if (!reaches(actor, path))
    throw new AuthorizationError(`This access token is not for ${path}`, { resource: path });
}

export function isAdmin(actor: Pick<Actor, 'scopes'>): boolean {
  return actor.scopes.has('msp:admin');
}

/** An administrator whom no client is hidden from. */
export function administersAll(actor: Pick<Actor, 'scopes' | 'client_access'>): boolean {
  return isAdmin(actor) && actor.client_access === 'all';
}

/** 403 for who is no administrator. */
export function requireAdmin(actor: Actor): void {
  if (!isAdmin(actor)) throw new AuthorizationError('This needs the scope msp:admin', { scope: 'msp:admin' });
}

/** Whether the rows of a client are visible to somebody. */
export function seesClient(
  { client_access, client_ids }: Pick<Actor, 'client_access' | 'client_ids'>,
  client_id: string,
): boolean {
  if (client_access === 'all') return true;
  return client_ids.includes(client_id) === (client_access === 'only');
}
