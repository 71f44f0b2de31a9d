import { Injectable } from '@nestjs/common';
import { LastingActors } from '../../core/access/lasting-actors.js';
import { type Actor, systemActor } from '../../core/context/actor.js';
import { AuthenticationError, OpskeepError, UnavailableError } from '../../core/context/errors.js';
import { Logger } from '../../core/context/logger.js';
import { currentContext, newRequestId, runAs, runInContext } from '../../core/context/request-context.js';
import { isRetryable, isUnavailable } from '../../core/database/database-errors.js';
import { UploadGoneError } from '../../core/requests/uploads/uploads.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import type { ImportJob } from './import-job.entity.js';
import { AlteredError, ImportJobs } from './import-jobs.service.js';
import { ImportLeases } from './import-leases.service.js';
import { ImportStages, type Watch } from './import-stages.service.js';
import { LostError } from './import-writes.service.js';
import { mayImport } from './rights.js';

/** Half a minute apart at least: what is away for ten minutes and lets this be noted may be away because of a row. */
const MOST_ATTEMPTS = 20;

/** Works at a job in the name of whoever asked for it, while no other process does. */
@Injectable()
export class ImportRun {
  /** Several of them while nobody else may take a job; less in tests. */
  renewMs = 10_000;

  constructor(
    private readonly registry: ResourceRegistry,
    private readonly jobs: ImportJobs,
    private readonly leases: ImportLeases,
    private readonly stages: ImportStages,
    private readonly actors: LastingActors,
    private readonly logger: Logger,
  ) {}

  /** Until it ends, or is stopped; nothing where another process has it. */
  async run(id: string, watch: Watch): Promise<void> {
    const job = await this.leases.claim(id);
    if (!job) return;
    const holds = this.leases.holding(job, this.renewMs);
    try {
      await this.jobs.requireUnaltered(job);
      await this.asMaker(job, () => this.stages.bring(job, watch));
    } catch (error) {
      if (error instanceof LostError) return;
      const failure = this.failureOf(error, job);
      await holds.end();
      if (failure === undefined) {
        watch.waits?.(error as Error);
        // Who is told tries again himself. While the database is away, this is not counted either.
        return watch.waits ? this.leases.release(job) : this.leases.postpone(job);
      }
      await this.jobs.end(job, { state: 'failed', failure });
    } finally {
      await holds.end();
    }
    await this.leases.release(job);
  }

  /** With the rights of now, which every unit asks for again before it writes. */
  private async asMaker(job: ImportJob, work: () => Promise<void>): Promise<void> {
    const { user_id, token_id } = job;
    const details = { ...currentContext()?.details, import_job: job.id };
    if (user_id === null) return runAs(systemActor('command line'), work, details);
    const presentActor = async (): Promise<Actor | undefined> => {
      const actor = await this.actors.actorOf({ user_id, token_id });
      const service = this.registry.byPath(job.resource);
      return actor && service && mayImport(actor, service.spec) ? actor : undefined;
    };
    const actor = await presentActor();
    if (!actor) throw new AuthenticationError('The login has ended');
    const context = { request_id: newRequestId(), ip: null, user_agent: null, actor, presentActor, details };
    await runInContext(context, work);
  }

  /** Why it has failed, for whoever asked; undefined where it goes on later. */
  private failureOf(error: unknown, job: ImportJob): string | undefined {
    if (error instanceof UnavailableError || isUnavailable(error) || isRetryable(error)) {
      this.logger.warn({ err: error, import_job: job.id }, 'an import waits: what it needs is away');
      if ((job.attempts ?? 0) + 1 < MOST_ATTEMPTS) return undefined;
      const what = error instanceof UnavailableError ? error.message : 'The database is not available';
      return `${MOST_ATTEMPTS} attempts were in vain: ${what}. ${job.rows_done} rows are written`;
    }
    if (error instanceof AlteredError) return 'It was altered in the database: it is not what was asked for';
    if (error instanceof AuthenticationError)
      return `Whoever asked for it may not import any more: ${job.rows_done} rows are written`;
    if (error instanceof OpskeepError || error instanceof UploadGoneError) return error.message.slice(0, 500);
    this.logger.error({ err: error, import_job: job.id }, 'an import failed');
    return 'A fault of the server, which its log tells';
  }
}
