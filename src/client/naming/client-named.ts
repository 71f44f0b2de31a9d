import { ClientError } from '../cli/errors.js';
import { askAsUser } from '../session/as-user.js';
import { ambiguous, isId, missing, queryOf, readable } from './query.js';

export interface Client {
  id: string;
  name: string;
}

interface Page {
  items: Client[];
}

const FIELDS = 'id,name';

/**
 * The client of this name or id, as the user sees them: by the very name, else by one that reads the same.
 *
 * @throws ClientError 3 for none, with those that have it in their name
 */
export async function clientNamed(named: string): Promise<Client> {
  if (isId(named)) return askAsUser<Client>({ path: `/clients/${named}`, holds: ['id', 'name'] });
  const list = (query: Record<string, string>) =>
    askAsUser<Page>({
      path: `/clients${queryOf({ ...query, fields: FIELDS, limit: 50 })}`,
      holds: ['items[].id', 'items[].name'],
    });
  try {
    const [exact] = (await list({ name: named })).items;
    if (exact) return exact;
    const { items } = await list({ q: named });
    const [alike, ...more] = items.filter(({ name }) => readable(name) === readable(named));
    if (alike && more.length === 0) return alike;
    if (alike) throw ambiguous(`Several clients are called ${named}: name one by its id`);
    const near = items.slice(0, 5).map(({ name }) => name);
    const hint = near.length > 0 ? `. There are: ${near.join(', ')}` : '';
    throw missing(`There is no client ${named}${hint}`);
  } catch (error) {
    if (error instanceof ClientError && error.code === 'authorization')
      throw new ClientError(
        `${error.message}. Without the right to list clients, name the client by its id`,
        error.exitCode,
        error.code,
      );
    throw error;
  }
}
