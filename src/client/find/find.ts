import type { Call } from '../cli/command.js';
import { EXIT, UsageError } from '../cli/errors.js';
import { printNotice } from '../cli/output.js';
import { printTable } from '../cli/table.js';
import { clientNamed } from '../naming/client-named.js';
import { clientNames } from '../naming/client-names.js';
import { fewAtOnce } from '../server/few-at-once.js';
import { type Kind, KINDS } from '../naming/kinds.js';
import { MOST_LOOKED_AT, partOf } from './part.js';
import { wordingsOf } from './words.js';

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
  const wordings = await wordingsOf(q, client_id, (word, most) =>
    printNotice(`More than ${most} clients have "${word}" in their names: only so many were looked at.`),
  );
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
  const unread = parts.filter(one => one.unread).map(one => one.kind.path);
  if (unread.length > 0)
    printNotice(
      `Of ${unread.join(', ')}, ${MOST_LOOKED_AT} were looked at for all of the words, and there are more: ` +
        'name a longer word, or a client.',
    );
  if (faults.length > 0) return faults[0]?.fault.exitCode ?? EXIT.failed;
  if (hits.length > 0) return EXIT.ok;
  printNotice(unread.length > 0 ? 'Nothing was found among them.' : 'Nothing was found.');
  return EXIT.missing;
}
