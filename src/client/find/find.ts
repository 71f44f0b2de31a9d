import type { Call } from '../cli/command.js';
import { EXIT, UsageError } from '../cli/errors.js';
import { printNotice } from '../cli/output.js';
import { printTable } from '../cli/table.js';
import { clientNamed } from '../naming/client-named.js';
import { KINDS } from '../naming/kinds.js';
import { queryOf } from '../naming/query.js';
import { printable } from '../../formats/printable.js';
import { askAsUser } from '../session/as-user.js';

/** A row of any kind, as the server tells of it. */
interface Found {
  resource: string;
  id: string;
  name?: string | null;
  client_id?: string | null;
  client_name?: string | null;
  snippet?: string | null;
}

interface Answer {
  items: Found[];
  counts: Record<string, number>;
  incomplete: string[];
}

const kindOf = (resource: string) => KINDS.find(one => one.path === resource)?.kind ?? resource;

/** `Pending task`, `pending_task` and `pending-task` are one. */
const plain = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');

/** The lists that `--kind` names, as they are called there or in the table. */
function listsOf(named: string[]): string[] {
  return named.map(name => {
    const asked = plain(name);
    const found = KINDS.find(({ path, kind }) => [path, kind].some(one => plain(one) === asked));
    if (!found)
      throw new UsageError(
        `There is no kind ${printable(name)}. --kind is one of ${KINDS.map(one => one.path).join(', ')}.`,
      );
    return found.path;
  });
}

/** Searches everything that the token may see. */
export async function find(call: Call): Promise<number> {
  const q = call.args.join(' ').trim();
  if (q === '' || q.length > 200) throw new UsageError('QUERY has 1 to 200 characters.');
  const limit = call.value('limit') ?? '10';
  if (!/^(?:[1-9]\d?|100)$/.test(limit)) throw new UsageError('--limit takes 1 to 100.');
  const lists = listsOf(call.values('kind'));
  const place = call.value('client');
  const client_id = place === undefined ? undefined : (await clientNamed(place)).id;
  const resources = lists.length > 0 ? lists.join(',') : undefined;
  const { items, counts, incomplete } = await askAsUser<Answer>({
    path: `/search${queryOf({ q, resources, client_id, limit })}`,
    holds: ['items[].resource', 'items[].id', 'incomplete[]'],
  });
  const hits = items.map(({ resource, id, name, client_id: of, client_name, snippet }) => ({
    kind: kindOf(resource),
    resource,
    id,
    name: name ?? snippet ?? id,
    client_id: of ?? null,
    client_name: client_name ?? null,
    detail: snippet === name ? null : (snippet ?? null),
  }));
  const rows = hits.map(one => [one.kind, one.id, one.name, one.client_name ?? one.client_id ?? '', one.detail ?? '']); // prettier-ignore
  if (call.json || hits.length > 0)
    printTable(call.json, hits, ['KIND', 'ID', 'NAME', 'CLIENT', 'DETAIL'], rows);
  const shown = (path: string) => items.filter(one => one.resource === path).length;
  const full = Object.keys(counts ?? {}).filter(path => Number(counts[path]) > shown(path));
  if (full.length > 0)
    printNotice(
      `There are more of: ${full.join(', ')}. --limit shows more, --kind fewer lists, a longer word finds less.`,
    );
  if (incomplete.length > 0)
    printNotice(`Of ${incomplete.join(', ')} not every row was looked at: name a longer word, or a client.`);
  if (hits.length > 0) return EXIT.ok;
  printNotice('Nothing was found.');
  return EXIT.missing;
}
