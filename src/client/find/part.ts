import { ClientError } from '../cli/errors.js';
import { queryOf } from '../naming/query.js';
import { askAsUser } from '../session/as-user.js';
import type { Kind } from '../naming/kinds.js';
import type { Wording } from './words.js';

/** A row of any kind. */
export interface Hit {
  kind: string;
  resource: string;
  id: string;
  name: string;
  client_id: string | null;
  detail: string | null;
}

/** What one list has of what is looked for. */
export interface Part {
  kind: Kind;
  hits: Hit[];
  more: boolean;
  /** Whether rows were left that nobody looked at for all of the words. */
  unread: boolean;
  fault?: ClientError;
}

type Row = Record<string, unknown> & { id: string };

/** A text of a row as one short line. */
function textIn(row: Row, names: string[]): string | undefined {
  const found = names.map(name => row[name]).find(one => typeof one === 'string' && one !== '');
  return typeof found === 'string' ? found.replace(/\s+/g, ' ').slice(0, 200) : undefined;
}

function hitOf(row: Row, { path, kind, called, also }: Kind): Hit {
  const client_id = typeof row.client_id === 'string' ? row.client_id : null;
  const detail = (also === undefined ? undefined : textIn(row, [also])) ?? null;
  return { kind, resource: path, id: row.id, name: textIn(row, called) ?? row.id, client_id, detail };
}

/** Of rows that are looked at for further words: they are told whole, and an answer has its limit. */
const LOOKED_AT = 100;
/** Of one list: whoever looks for words that very many rows have waits no longer than this takes. */
export const MOST_LOOKED_AT = 1_000;

interface Answer {
  rows: Row[];
  more: boolean;
  unread: boolean;
}

/** What a list answers to one wording: rows that fit, and whether there may be more. */
async function rowsOf(kind: Kind, { q, client_id, fits }: Wording, limit: number): Promise<Answer> {
  const columns = ['id', ...kind.called, kind.also, kind.client === false ? undefined : 'client_id'];
  const shown = [...new Set(columns)].filter(one => one !== undefined).join(',');
  // A further word may stand in any field.
  const part = fits ? { limit: LOOKED_AT } : { limit, fields: shown };
  const rows: Row[] = [];
  let cursor: string | undefined;
  let looked = 0;
  do {
    const { items, next } = await askAsUser<{ items: Row[]; next: string | null }>({
      path: `/${kind.path}${queryOf({ q, client_id, count: 'none', ...part, cursor })}`,
      holds: ['items[].id'],
    });
    rows.push(...(fits ? items.filter(fits) : items));
    looked += items.length;
    cursor = typeof next === 'string' ? next : undefined;
  } while (fits && cursor !== undefined && rows.length < limit && looked < MOST_LOOKED_AT);
  const isFull = rows.length >= limit;
  return { rows, more: cursor !== undefined && isFull, unread: cursor !== undefined && !isFull };
}

/** What one list has; nothing where the token may not see it. The server itself away, or not knowing the token, is thrown. */
export async function partOf(kind: Kind, wordings: Wording[], limit: number): Promise<Part> {
  const found = new Map<string, Row>();
  let [more, unread] = [false, false];
  try {
    for (const one of wordings.filter(({ ofClients }) => !(ofClients && kind.client === false))) {
      const answer = await rowsOf(kind, one, limit);
      for (const row of answer.rows) found.set(row.id, row);
      more ||= answer.more;
      unread ||= answer.unread;
    }
    const hits = [...found.values()].slice(0, limit).map(row => hitOf(row, kind));
    return { kind, hits, more: more || found.size > limit, unread };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.code === 'unreachable' || error.code === 'authentication') throw error;
    const isHidden = error.code === 'authorization' || error.code === 'not_found';
    return { kind, hits: [], more: false, unread: false, ...(isHidden ? {} : { fault: error }) };
  }
}
