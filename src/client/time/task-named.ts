import { askAsUser } from '../session/as-user.js';
import { ambiguous, isId, missing, queryOf, readable } from '../naming/query.js';

/** What an entry of time takes over from a task. */
export interface Task {
  id: string;
  title: string;
  client_id: string | null;
  project_id: string | null;
  session_id: string | null;
}

/**
 * The task of this id or title, as people read it.
 *
 * @throws ClientError 3 for none, and 1 for several, with their ids
 */
export async function taskNamed(named: string, client_id: string | undefined): Promise<Task> {
  if (isId(named)) return askAsUser<Task>({ path: `/tasks/${named}`, holds: ['id', 'title'] });
  const query = {
    q: named.slice(0, 200),
    client_id,
    fields: 'id,title,client_id,project_id,session_id',
    limit: 100,
  };
  const { items } = await askAsUser<{ items: Task[] }>({
    path: `/tasks${queryOf(query)}`,
    holds: ['items[].id', 'items[].title'],
  });
  const alike = items.filter(({ title }) => readable(title) === readable(named));
  const [first, ...more] = alike.length > 0 ? alike : items;
  if (!first) throw missing(`There is no task ${named}`);
  if (more.length === 0) return first;
  const listed = [first, ...more].slice(0, 10).map(one => `\n  ${one.id}  ${one.title}`);
  throw ambiguous(`Several tasks have ${named} in their title: name one by its id${listed.join('')}`);
}
