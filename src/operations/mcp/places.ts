import { z } from 'zod';
import { ValidationError } from '../../core/context/errors.js';
import { isUuid } from '../../core/database/values.js';
import type { OwnApi } from './own-routes.js';
import type { Place } from './tool.js';

/** What names a project in the input of a tool. */
export const PROJECT = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .describe('Name of the project; the one that you work in when absent');

/** The project of a call as `memory/events` and recall take it. */
export function projectOf(name: string | undefined, place: Place): Place | undefined {
  if (name !== undefined) return name === place.name ? place : { name };
  return place.remote === undefined && place.name === undefined ? undefined : place;
}

/** @throws ValidationError where neither the call nor the program says which */
export function requireProject(name: string | undefined, place: Place): { name: string; remote?: string } {
  const { name: named, remote } = projectOf(name, place) ?? {};
  const called = named ?? (remote === undefined ? undefined : lastPart(remote));
  if (called === undefined)
    throw ValidationError.of('project', 'must name the project: nothing is kept without one', 'project');
  return remote === undefined ? { name: called } : { name: called, remote };
}

/** What a remote calls its repository; not what stands before it, where a password may be. */
function lastPart(remote: string): string | undefined {
  const [path = ''] = remote.split(/[?#]/);
  return (
    path
      .split(/[/:@]/)
      .at(-1)
      ?.replace(/\.git$/, '') || undefined
  );
}

interface Client {
  id: string;
  name: string;
}

/**
 * The client of this id or name, as the caller sees them.
 *
 * @throws ValidationError for none, or several of which no name is exactly this
 */
export async function clientOf(named: string, api: OwnApi): Promise<Client> {
  if (isUuid(named)) return api.get<Client>(`clients/${named}`);
  const query = { fields: 'id,name', limit: 10 };
  const exact = await api.get<{ items: Client[] }>('clients', { name: named, ...query });
  const found =
    exact.items.length > 0 ? exact : await api.get<{ items: Client[] }>('clients', { q: named, ...query });
  const [first, ...more] = found.items;
  if (first && more.length === 0) return first;
  if (!first)
    throw ValidationError.of('client', 'must be the name or id of a client; none is called so', 'client');
  const names = found.items.map(one => `${one.name} (${one.id})`).join(', ');
  throw ValidationError.of('client', `must name one client: there are ${names}`, 'client');
}
