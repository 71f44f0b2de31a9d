import { ClientError } from '../cli/errors.js';
import { askAsUser } from '../session/as-user.js';
import { queryOf } from './query.js';

const AT_ONCE = 50;

/** Names of clients by id, for people to read; empty where the token may not list clients. */
export async function clientNames(ids: (string | null)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)].filter(one => one !== null);
  const names = new Map<string, string>();
  try {
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const query = {
        id: wanted.slice(at, at + AT_ONCE),
        fields: 'id,name',
        limit: AT_ONCE,
        archived: 'any',
      };
      const path = `/clients${queryOf(query)}`;
      const holds = ['items[].id', 'items[].name'];
      const { items } = await askAsUser<{ items: { id: string; name: string }[] }>({ path, holds });
      for (const { id, name } of items) names.set(id, name);
    }
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'authorization') throw error;
  }
  return names;
}
