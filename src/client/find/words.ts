import { ClientError } from '../cli/errors.js';
import { queryOf, readable } from '../naming/query.js';
import { askAsUser } from '../session/as-user.js';

/** Of clients that have a word in their name. */
const MOST_CLIENTS = 50;

/** What lists are asked for, and which of their rows are meant. */
export interface Wording {
  q: string;
  client_id?: string | string[];
  /** Of rows with a word in the name of their client: lists without clients have none. */
  ofClients: boolean;
  /** Whether every word stands in the row, or in the name of its client; undefined where `q` says it all. */
  fits?: (row: Record<string, unknown>) => boolean;
}

interface Client {
  id: string;
  name: string;
}

/** Clients that have a word in their name; what tells of too many is called for a word that too many have. */
async function clientsWith(word: string, tooMany: (word: string) => void): Promise<Client[]> {
  const path = `/clients${queryOf({ q: word, fields: 'id,name', limit: MOST_CLIENTS, count: 'none' })}`;
  const holds = ['items[].id', 'items[].name'];
  try {
    const { items, next } = await askAsUser<{ items: Client[]; next: string | null }>({ path, holds });
    if (typeof next === 'string') tooMany(word);
    return items;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'authorization') throw error;
    return [];
  }
}

const longest = (words: string[]) => words.reduce((most, one) => (one.length > most.length ? one : most), '');

/**
 * How lists are asked for words of which each must stand somewhere: in the row, or in the name of its client. The server is
 * asked for the longest; of clients with words in their names, for the longest of the others.
 *
 * @param client_id of the only client that is meant
 * @param tooMany is told of a word that more clients have in their names than are looked at
 */
export async function wordingsOf(
  query: string,
  client_id: string | undefined,
  tooMany: (word: string, most: number) => void,
): Promise<Wording[]> {
  const words = [...new Set(query.split(/\s+/))];
  if (words.length === 1) return [{ q: query, client_id, ofClients: false }];
  const names = new Map<string, string>();
  for (const word of words)
    for (const { id, name } of await clientsWith(word, one => tooMany(one, MOST_CLIENTS)))
      names.set(id, readable(name));
  const fits: Wording['fits'] = row => {
    const texts = Object.values(row).filter(one => typeof one === 'string');
    const text = readable([...texts, names.get(String(row.client_id)) ?? ''].join('\n'));
    return words.every(word => text.includes(readable(word)));
  };
  const byWord = new Map<string, string[]>();
  for (const [id, name] of names) {
    const rest = longest(words.filter(word => !name.includes(readable(word))));
    if (rest !== '' && (client_id === undefined || client_id === id))
      byWord.set(rest, [...(byWord.get(rest) ?? []), id]);
  }
  const within = [...byWord].map(([q, ids]) => ({ q, client_id: ids, ofClients: true, fits }));
  return [{ q: longest(words), client_id, ofClients: false, fits }, ...within];
}
