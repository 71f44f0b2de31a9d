import type { Actor } from '../context/actor.js';
import type { User } from './user.entity.js';

type Known = Pick<User, 'id' | 'email' | 'scopes' | 'client_access' | 'client_ids'>;

/** A user as an actor with all the rights of now, for what is done or asked in the user's name without a login. */
export function userActor({ id, email: name, scopes, client_access, client_ids }: Known): Actor {
  return { kind: 'user', id, name, scopes: new Set(scopes), client_access, client_ids, login_id: null };
}
