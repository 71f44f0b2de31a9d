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

export function isAdmin(actor: Actor): boolean {
  return actor.scopes.has('msp:admin');
}
