import { Injectable } from '@nestjs/common';
import { requireReach } from '../../core/context/actor.js';
import { AuthorizationError, UnsupportedMediaTypeError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { NO_FILE } from '../../core/http/server/body-parsers.js';
import { Uploads } from '../../core/requests/uploads/uploads.js';
import type { AskedImport } from './asked-import.js';
import { ImportFiles } from './import-files.service.js';
import type { Format, ImportJob } from './import-job.entity.js';
import { ImportJobs } from './import-jobs.service.js';
import { matchKeyOf } from './match-keys.js';
import { requireUpdates, scopesFor } from './rights.js';

/** Bytes of a file. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** How bodies say what they are. */
const TYPES: Record<string, Format> = { 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' };
export const MEDIA_TYPES = Object.keys(TYPES);

/** @throws UnsupportedMediaTypeError */
export function formatOf(contentType: string | undefined): Format {
  const [type = ''] = (contentType ?? '').toLowerCase().split(';');
  const format = TYPES[type.trim()];
  if (!format) throw new UnsupportedMediaTypeError(NO_FILE);
  return format;
}

/** Files come in: looked at, kept sealed, and left to whoever works at them. */
@Injectable()
export class ImportUploads {
  constructor(
    private readonly files: ImportFiles,
    private readonly jobs: ImportJobs,
    private readonly uploads: Uploads,
  ) {}

  /**
   * @throws NotFoundError, AuthorizationError; ValidationError for what is seen to be wrong at its beginning;
   * TooLargeError. Nothing is left of it then
   */
  async receive(
    resource: string,
    asked: AskedImport & { format: Format },
    source: AsyncIterable<Uint8Array>,
  ): Promise<ImportJob> {
    const service = this.files.serviceOf(resource);
    const { spec } = service;
    const actor = currentActor();
    requireReach(actor, spec.path);
    const lacked = scopesFor(spec).find(scope => !actor.scopes.has(scope));
    if (lacked) throw new AuthorizationError(`This needs the scope ${lacked}`, { scope: lacked });
    const { match_key, ...how } = asked;
    requireUpdates(spec, how.on_conflict);
    const key = matchKeyOf(spec, match_key);
    const job = await this.jobs.begin({
      resource,
      ...how,
      match_key: key?.fields.join(',') ?? null,
    });
    let ignored_columns: string[] = [];
    try {
      const kept = await this.uploads.keep(job.id, source, MOST_BYTES, async (start, isAll) => {
        ignored_columns = await this.files.examine(service, start, isAll, { ...how, key });
      });
      return await this.jobs.received(job, { ...kept, ignored_columns });
    } catch (error) {
      await this.jobs.drop(job);
      throw error;
    }
  }
}
