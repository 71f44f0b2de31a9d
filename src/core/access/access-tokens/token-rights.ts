import type { Actor, ClientAccess } from '../../context/actor.js';

/** Which clients somebody sees. */
export type Clients = Pick<Actor, 'client_access' | 'client_ids'>;

/** What both allow: a token narrows what its user sees, and never widens it. */
export function narrowed(user: Clients, token: Clients): Clients {
  const given = new Set(token.client_ids);
  const [first, second] = [user, token].map(one => one.client_access) as [ClientAccess, ClientAccess];
  if (second === 'all') return user;
  if (first === 'all') return token;
  if (first === 'except' && second === 'except')
    return { client_access: 'except', client_ids: [...new Set([...user.client_ids, ...given])] };
  if (first === 'only') {
    const stays = (id: string) => given.has(id) === (second === 'only');
    return { client_access: 'only', client_ids: user.client_ids.filter(stays) };
  }
  const hidden = new Set(user.client_ids);
  return { client_access: 'only', client_ids: token.client_ids.filter(id => !hidden.has(id)) };
}
