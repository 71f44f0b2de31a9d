import type { Call } from '../cli/command.js';
import { ClientError, EXIT, UsageError } from '../cli/errors.js';
import { printNotice } from '../cli/output.js';
import { printTable } from '../cli/table.js';
import { clientNamed } from '../credential/client-named.js';
import { clientNames } from '../credential/client-names.js';
import { queryOf } from '../credential/named.js';
import { askAsUser } from '../session/as-user.js';
import { fewAtOnce } from '../server/few-at-once.js';
import { type Kind, KINDS } from './kinds.js';
import { type Wording, wordingsOf } from './words.js';

/** A row of any kind. */
interface Hit {
  kind: string;
  resource: string;
  id: string;
  name: string;
  client_id: string | null;
  detail: string | null;
}

interface Part {
  kind: Kind;
  hits: Hit[];
  more: boolean;
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

/** What a list answers to one wording: rows that fit, and whether there may be more. */
async function rowsOf(kind: Kind, { q, client_id, fits }: Wording, limit: number) {
  const columns = ['id', ...kind.called, kind.also, kind.client === false ? undefined : 'client_id'];
  const shown = [...new Set(columns)].filter(one => one !== undefined).join(',');
  // A further word may stand in any field.
  const part = fits ? { limit: LOOKED_AT } : { limit, fields: shown };
  const { items, next } = await askAsUser<{ items: Row[]; next: string | null }>({
    path: `/${kind.path}${queryOf({ q, client_id, count: 'none', ...part })}`,
    holds: ['items[].id'],
  });
  return { rows: fits ? items.filter(fits) : items, more: typeof next === 'string' };
}

/** What one list has; nothing where the token may not see it. The server itself away, or not knowing the token, is thrown. */
async function partOf(kind: Kind, wordings: Wording[], limit: number): Promise<Part> {
  const found = new Map<string, Row>();
  let more = false;
  try {
    for (const one of wordings.filter(({ ofClients }) => !(ofClients && kind.client === false))) {
      const answer = await rowsOf(kind, one, limit);
      for (const row of answer.rows) found.set(row.id, row);
      more ||= answer.more;
    }
    const hits = [...found.values()].slice(0, limit).map(row => hitOf(row, kind));
    return { kind, hits, more: more || found.size > limit };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.code === 'unreachable' || error.code === 'authentication') throw error;
    const isHidden = error.code === 'authorization' || error.code === 'not_found';
    return { kind, hits: [], more: false, ...(isHidden ? {} : { fault: error }) };
  }
}

/** The lists that are asked for by `--kind`, as they are called there or in the table. */
function kindsOf(call: Call, hasClient: boolean): Kind[] {
  const named = call.values('kind');
  const unknown = named.find(one => !KINDS.some(({ path, kind }) => one === path || one === kind));
  if (unknown !== undefined)
    throw new UsageError(`--kind is one of ${KINDS.map(one => one.path).join(', ')}.`);
  return KINDS.filter(
    one =>
      (named.length === 0 || named.includes(one.path) || named.includes(one.kind)) &&
      !(hasClient && one.client === false),
  );
}

/** Searches every list that the token may see. */
export async function find(call: Call): Promise<number> {
  const q = call.args.join(' ').trim();
  if (q === '' || q.length > 200) throw new UsageError('QUERY has 1 to 200 characters.');
  const text = call.value('limit') ?? '10';
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new UsageError('--limit takes 1 to 999.');
  const place = call.value('client');
  const kinds = kindsOf(call, place !== undefined);
  const client_id = place === undefined ? undefined : (await clientNamed(place)).id;
  const wordings = await wordingsOf(q, client_id);
  const parts = await fewAtOnce(kinds, kind => partOf(kind, wordings, Number(text)));
  const hits = parts.flatMap(one => one.hits);
  const faults = parts.flatMap(({ kind, fault }) => (fault ? [{ kind, fault }] : []));
  const names = call.json ? undefined : await clientNames(hits.map(one => one.client_id));
  const rows = hits.map(({ kind, id, name, client_id: of, detail }) => [
    kind,
    id,
    name,
    of === null ? '' : (names?.get(of) ?? of),
    detail ?? '',
  ]);
  if (call.json || hits.length > 0)
    printTable(call.json, hits, ['KIND', 'ID', 'NAME', 'CLIENT', 'DETAIL'], rows);
  for (const { kind, fault } of faults) printNotice(`${kind.path} could not be searched: ${fault.message}`);
  const full = parts.filter(one => one.more).map(one => one.kind.path);
  if (full.length > 0)
    printNotice(
      `There are more of: ${full.join(', ')}. --limit shows more, --kind fewer lists, a longer word finds less.`,
    );
  if (faults.length > 0) return faults[0]?.fault.exitCode ?? EXIT.failed;
  if (hits.length > 0) return EXIT.ok;
  printNotice('Nothing was found.');
  return EXIT.missing;
}
