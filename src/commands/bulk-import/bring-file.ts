import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { FoundFaults, UsageError } from '../../failure.js';
import { InputFault, STANDARD_INPUT } from '../../formats/bounded-input.js';
import type { ImportJob } from '../../operations/bulk-import/import-job.entity.js';
import type { Installation } from '../installation.js';
import { print, table } from '../output.js';
import { followJob } from './follow-job.js';

export interface FileOptions {
  json?: boolean;
  dryRun?: boolean;
  onConflict?: string;
  matchKey?: string;
}

/** How files are called, by what is in them. */
const TYPES: [end: RegExp, contentType: string][] = [
  [/\.(ndjson|jsonl)$/i, 'application/x-ndjson'],
  [/\.(csv|tsv|txt)$/i, 'text/csv'],
];

/** Brings a file of rows in as `POST /api/bulk-import/{resource}` does, without a server. Ctrl-C cancels it. */
export async function bringFile(
  installation: Installation,
  command: string,
  [resource = '', file = '']: string[],
  { json, dryRun = false, onConflict, matchKey }: FileOptions,
): Promise<void> {
  const type =
    TYPES.find(([end]) => end.test(file))?.[1] ?? (file === STANDARD_INPUT ? 'text/csv' : undefined);
  if (!type)
    throw new UsageError('The name of the file must end in .csv or .ndjson, or be - for CSV from stdin.');
  const source = await opened(file);
  const job = await installation.run(command, async app => {
    const { askedImport } = await import('../../operations/bulk-import/asked-import.js');
    const { formatOf, ImportUploads } =
      await import('../../operations/bulk-import/import-uploads.service.js');
    const asked = askedImport({ dry_run: String(dryRun), on_conflict: onConflict, match_key: matchKey });
    const { id } = await app
      .get(ImportUploads)
      .receive(resource, { ...asked, format: formatOf(type) }, source);
    return followJob(app, id);
  });
  print(json, facts(job), () => wordsOf(job));
  if (job.state !== 'done') throw new FoundFaults();
}

/** @throws InputFault for what is no file */
async function opened(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path === STANDARD_INPUT) return process.stdin;
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputFault(`The file cannot be read (${error.code}).`);
  });
  if (!found.isFile() && !found.isFIFO()) throw new InputFault('What was named is no file.');
  return createReadStream(path);
}

function facts({ id, resource, state, dry_run, created, updated, skipped, ...job }: ImportJob): object {
  const { rows_total, failed_rows, error_count, errors, failure, ignored_columns } = job;
  return {
    ...{ id, resource, state, dry_run, rows_total, created, updated, skipped },
    ...{ failed_rows, error_count, errors, failure, ignored_columns },
  };
}

function wordsOf(job: ImportJob): string {
  const would = job.dry_run ? 'would be ' : '';
  const counts = `${job.created} ${would}made, ${job.updated} ${would}changed, ${job.skipped} as they are.`;
  const ignored =
    job.ignored_columns.length > 0 ? `\nNot written to new rows: ${job.ignored_columns.join(', ')}.` : '';
  if (job.state === 'done') return `${counts}${ignored}`;
  if (job.state === 'cancelled' && job.rows_done === 0)
    return `Cancelled while rows were tried (${job.rows_checked} so far): nothing was written.`;
  const rows = job.errors.map(one => [String(one.row), String(one.line), one.field, one.message]);
  const more = job.error_count - rows.length;
  return [
    job.failure ?? `The import is ${job.state}: ${counts}`,
    ...(rows.length > 0 ? [table(['row', 'line', 'field', 'fault'], rows)] : []),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}
