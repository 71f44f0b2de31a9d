import type { PathOf } from './calls.js';
import type { components, paths } from './schema.js';
import { pause, together } from './waiting.js';

/** How far a file is, and what is wrong with its rows. */
export type ImportJob = components['schemas']['ImportJobAnswer'];

/** The paths of resources that files can be brought into: `sites`. */
export type ImportedResource =
  Extract<PathOf<'post'>, `/api/${string}/bulk`> extends infer Path
    ? Path extends `/api/${infer Resource}/bulk`
      ? Resource
      : never
    : never;

/** CSV as text or as it is on the disk; a stream is read to its end before it is sent. */
export type ImportedFile = string | Blob | ReadableStream<Uint8Array>;

/** The parameters of `POST /api/bulk-import/{resource}`, and what concerns this side. */
export type ImportInit = NonNullable<paths['/api/bulk-import/{resource}']['post']['parameters']['query']> & {
  /** What the file is; that of a Blob, or else `text/csv`, unless told. */
  type?: 'text/csv' | 'application/x-ndjson';
  /** Told of the job when it is there, each time that it was asked for, and at its end. */
  onProgress?: (job: ImportJob) => void;
  /** Ends the sending and the waiting. A job that is there goes on; `POST /api/bulk-import/jobs/{id}/cancel` ends it. */
  signal?: AbortSignal;
};

/** A file that was not brought in wholly: the job failed, or was cancelled. `job.errors` names its rows. */
export class OpskeepImportError extends Error {
  override readonly name = 'OpskeepImportError';

  constructor(readonly job: ImportJob) {
    const [first] = job.errors;
    const of = first ? `: line ${first.line}, ${first.field} ${first.message}` : '';
    super(`${job.failure ?? `The import is ${job.state}`}${of}`);
  }
}

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';
/** Bytes that the server takes: more of a stream is not read. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Seconds between two questions. */
const [FIRST_LOOK, LAST_LOOK] = [0.5, 5];
const STATES = ['receiving', 'waiting', 'checking', 'writing', 'done', 'failed', 'cancelled'];

interface Ask {
  send(body: Blob, type: string): Promise<unknown>;
  look(id: string): Promise<unknown>;
}

/** Sends a file, and waits for the end of its job. @throws OpskeepImportError */
export async function imported(file: ImportedFile, init: ImportInit, ask: Ask): Promise<ImportJob> {
  const { type, onProgress, signal = new AbortController().signal } = init;
  const body = await blobOf(file, signal);
  const own = body.type.replace(/;.*/s, '').trim().toLowerCase();
  let job = jobIn(await ask.send(body, type ?? (own === NDJSON ? NDJSON : CSV)));
  const { id } = job;
  for (let seconds = FIRST_LOOK; ; seconds = Math.min(seconds * 1.5, LAST_LOOK)) {
    onProgress?.(job);
    if (job.finished_at !== null) break;
    await pause(seconds, signal);
    job = jobIn(await ask.look(id));
  }
  if (job.state !== 'done') throw new OpskeepImportError(job);
  return job;
}

function jobIn(data: unknown): ImportJob {
  const job = { ...(data as ImportJob) };
  if (typeof job.id !== 'string' || !STATES.includes(job.state) || !Array.isArray(job.errors))
    throw new TypeError('The answer is no job of an import');
  return job;
}

/** Whole, so that it can be sent again; a page could not send a stream without HTTP/2. @throws RangeError */
async function blobOf(file: ImportedFile, signal: AbortSignal): Promise<Blob> {
  if (file instanceof Blob) return file;
  if (typeof file === 'string') return new Blob([file]);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = file.getReader();
  try {
    for (let bytes = 0; ;) {
      const { done, value } = await together(reader.read(), signal);
      if (done) return new Blob(parts);
      bytes += value.byteLength;
      if (bytes > MOST_BYTES) throw new RangeError('A file has at most 64 MiB');
      parts.push(new Uint8Array(value));
    }
  } finally {
    // A source that does not end is not waited for.
    reader.cancel().catch(() => undefined);
  }
}
