import { UsageError } from '../cli/errors.js';
import { askAsUser } from '../session/as-user.js';
import { clientNamed } from '../naming/client-named.js';
import { isId } from '../naming/query.js';

/** The filter of a list for what stands in a place: `private` is the user's own alone. */
export async function within(place: string | undefined): Promise<Record<string, string>> {
  if (place === undefined) return {};
  // A variable that is not set: to look everywhere would take another one's credential.
  if (place === '') throw new UsageError('The client has no name: it is empty.');
  if (place === 'pool') return { client_id__isnull: 'true', visibility: place };
  if (place === 'private') {
    const { id } = await askAsUser<{ id: string }>({ path: '/auth/me', holds: ['id'] });
    return { client_id__isnull: 'true', visibility: place, owner_id: id };
  }
  return { client_id: isId(place) ? place : (await clientNamed(place)).id };
}
