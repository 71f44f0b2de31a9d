import { Injectable } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { ConflictError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { MainDatabase } from '../../core/database/main-database.js';
import { newId } from '../../core/database/new-id.js';
import { changeOne } from '../../core/database/transact.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/database/values.js';
import { Uploads } from '../../core/requests/uploads/uploads.js';
import { Rows } from '../../core/table/rows.js';
import { ImportJob } from './import-job.entity.js';

/** A row of a job is not what was asked for. */
export class AlteredError extends Error {}

/** Of one user, files that wait or are worked at. */
const MOST_OPEN = 10;

/** The files that are brought in. What only tells how far one is has no entry on the trail; its beginning and end have. */
@Injectable()
export class ImportJobs {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly database: MainDatabase,
    private readonly uploads: Uploads,
    private readonly audit: Audit,
  ) {}

  /** @throws ConflictError while too many of the user's files wait */
  async begin(
    given: Pick<ImportJob, 'resource' | 'format' | 'on_conflict' | 'match_key' | 'dry_run'>,
  ): Promise<ImportJob> {
    const { kind, id: actor_id, token } = currentActor();
    const user_id = kind === 'user' ? actor_id : null;
    const open = 'SELECT COUNT(*) AS total FROM import_jobs WHERE user_id = ? AND finished_at IS NULL';
    const [count] = user_id ? await this.units.sql.select<{ total: number }>(open, [user_id]) : [];
    if (Number(count?.total ?? 0) >= MOST_OPEN)
      throw new ConflictError(`${MOST_OPEN} imports of yours wait or run: let them end, or cancel some`);
    const counts = Object.fromEntries(COUNTS.map(name => [name, 0]));
    const job = {
      ...{ id: newId(), user_id, token_id: token?.id ?? null, ...given, ...counts, state: 'receiving' },
      ...{ errors: [], failure: null, ignored_columns: [], created_at: now(), finished_at: null, fence: 0 },
      ...{ holder: null, held_until: null, attempts: null },
    } as unknown as ImportJob;
    // Its entry is that of its end, or of the file that has come in whole.
    await this.apart(() => this.rows.insert(ImportJob, job), job, 'receive');
    return job;
  }

  /**
   * The file is there: whoever looks may begin.
   *
   * @throws ConflictError where the job is gone: with its user, or because the file took too long to come in
   */
  async received(
    job: ImportJob,
    changes: Pick<ImportJob, 'bytes' | 'pieces' | 'ignored_columns'>,
  ): Promise<ImportJob> {
    const next = { ...job, ...changes, state: 'waiting' } as const;
    await this.uploads.keepPurpose(job.id, purposeOf(next));
    await this.apart(
      async () => {
        const came = await this.rows.update(ImportJob, { id: job.id, state: 'receiving' }, { ...changes, state: 'waiting' }); // prettier-ignore
        if (came !== 1) throw new ConflictError('The file took too long to come in');
      },
      next,
      'create',
    );
    return next;
  }

  /**
   * That the job is what was asked for, by whom it was: who may write in its table does not get the rights of others, or
   * those of the command line.
   *
   * @throws UploadGoneError, OpeningError, AlteredError
   */
  async requireUnaltered(job: ImportJob): Promise<void> {
    if ((await this.uploads.purposeOf(job.id)) !== purposeOf(job)) throw new AlteredError();
  }

  /** What did not come in whole leaves nothing. */
  async drop({ id }: ImportJob): Promise<void> {
    await this.uploads.forget(id);
    await changeOne(this.database, 'DELETE FROM import_jobs WHERE id = ?', [id]);
  }

  /** Ends it, with an entry; the file goes. */
  async end(job: ImportJob, changes: Partial<ImportJob> & Pick<ImportJob, 'state'>): Promise<void> {
    const done = { ...job, ...changes, finished_at: now() };
    const isOurs = await this.units.run(async () => {
      const what = { ...changes, finished_at: done.finished_at, holder: null, held_until: null };
      if ((await this.rows.update(ImportJob, { id: job.id, fence: job.fence }, what)) !== 1) return false;
      this.record(done, 'end', {
        state: done.state,
        failure: done.failure,
        created: done.created,
        updated: done.updated,
        skipped: done.skipped,
        failed_rows: done.failed_rows,
      });
      return true;
    });
    // Whoever has taken it over still needs the file.
    if (isOurs) await this.uploads.forget(job.id);
  }

  private async apart(work: () => Promise<void>, job: ImportJob, verb: string): Promise<void> {
    await this.units.run(async () => {
      await work();
      const { resource, format, on_conflict, match_key, dry_run, bytes } = job;
      this.record(job, verb, { resource, format, on_conflict, match_key, dry_run, bytes });
    });
  }

  record({ id }: ImportJob, verb: string, details: Record<string, unknown>): void {
    this.audit.record({
      action: `import_job.${verb}`,
      resource_type: 'import_job',
      resource_id: id,
      details,
    });
  }
}

/** What an import does, and with whose rights. */
function purposeOf(job: ImportJob): string {
  const { user_id, token_id, resource, format, on_conflict, match_key, dry_run, pieces } = job;
  return JSON.stringify([
    'import',
    user_id,
    token_id,
    resource,
    format,
    on_conflict,
    match_key,
    dry_run,
    pieces,
  ]);
}

const COUNTS = [
  'bytes',
  'pieces',
  'rows_total',
  'rows_checked',
  'rows_done',
  'created',
  'updated',
  'skipped',
  'failed_rows',
  'error_count',
];
