import { table } from '../output.js';
import type { Imported } from './importer.js';
import type { Told } from './item.js';
import { clientsOf, isArchived, type Plan } from './plan.js';

/** The most entries that are named behind a reason which keeps none of them out; `--json` names all. */
const MOST_NAMED = 10;

const HOW_TO_PLACE =
  'A folder becomes the client of its name, the one of --map "Folder=Client" ("=Client": what is in no folder; "Folder=":\n' +
  'into the pool), or with --create-clients a new one; --client takes everything.';

const count = (number: number, what: string) =>
  `${number} ${number === 1 ? what.replace(/ies$/, 'y').replace(/s$/, '') : what}`;

/** What an import would do, in words. */
export function planWords(plan: Plan): string {
  const { entries, planned, there, left, without, remarks } = plan;
  const known = there > 0 ? `, ${there} of them there already` : '';
  const archived = archivedWords(planned.filter(isArchived).length);
  const parts = [`${count(entries, 'entries')}${known}. To be brought in: ${planned.length}.${archived}`];
  const clients = clientsOf(plan).map(one => [
    `${one.name}${one.is_new ? ' (to be made)' : ''}`,
    String(one.entries),
  ]);
  if (clients.length > 0) parts.push(table(['client', 'entries'], clients));
  parts.push(
    ...leftWords(left),
    ...(left.some(one => /folder/.test(one.reason)) ? [HOW_TO_PLACE] : []),
    ...withoutWords(without),
    ...remarks,
  );
  parts.push('Attachments are in no such export: they stay where they are.');
  return parts.join('\n\n');
}

/** Lists have what is archived only when they are asked for it. */
function archivedWords(archived: number): string {
  return archived > 0
    ? ` Archived, as they are there: ${archived} (lists have them with archived=true).`
    : '';
}

export function importedWords(plan: Plan, made: Imported): string {
  const clients = made.clients > 0 ? `, ${count(made.clients, 'clients')} made` : '';
  const done = `Brought in: ${count(made.entries, 'entries')} as ${count(made.credentials, 'credentials')}${clients}.`;
  const left = plan.left.length + made.failed.length;
  const rest = left > 0 ? ` Left out: ${left}.` : '';
  return [`${done}${archivedWords(made.archived)}${rest}`, ...leftWords(made.failed)].join('\n\n');
}

/** What scripts read. */
export function planJson(plan: Plan, isDry: boolean): Record<string, unknown> {
  const { source, entries, planned, there, left, without, remarks } = plan;
  const to_bring = planned.length;
  return {
    source,
    dry_run: isDry,
    entries,
    to_bring,
    archived: planned.filter(isArchived).length,
    there,
    clients: clientsOf(plan),
    left_out: left,
    without,
    remarks,
  };
}

function leftWords(left: Told[]): string[] {
  if (left.length === 0) return [];
  return [`Left out:\n${table(['where', 'name', 'why'], left.map(one => [one.where, one.name ?? '-', one.reason]))}`]; // prettier-ignore
}

function withoutWords(without: Told[]): string[] {
  if (without.length === 0) return [];
  const byReason = new Map<string, Told[]>();
  for (const one of without) byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one]);
  const lines = [...byReason].map(([reason, all]) => {
    const named = all.slice(0, MOST_NAMED).map(one => `${one.name ?? '-'} (${one.where})`);
    const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
    return `  ${reason}: ${named.join(', ')}${more}`;
  });
  return [`Brought in without:\n${lines.join('\n')}`];
}

/** The file is the last place in which all of it stands in the clear. */
export function farewell(path: string): string {
  const quoted = `'${path.replaceAll("'", "'\\''")}'`;
  return (
    `${path} still holds every secret in plain text, and so do its copies (downloads, mail, trash, backups).\n` +
    `Remove it: shred -u ${quoted}. On SSDs and file systems that copy on write, or in a synchronised folder,\n` +
    'parts may stay behind: where that matters, change the passwords.'
  ).replace(/(?!\n)\p{Cc}/gu, '\ufffd');
}
