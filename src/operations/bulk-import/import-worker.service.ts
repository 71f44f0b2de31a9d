import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { systemActor } from '../../core/context/actor.js';
import { Logger } from '../../core/context/logger.js';
import { runAs } from '../../core/context/request-context.js';
import { DAY_MS, momentIn } from '../../core/database/values.js';
import { Periodic } from '../../core/workers/periodic.js';
import { ImportLeases } from './import-leases.service.js';
import { ImportRun } from './import-run.service.js';

const LOOK_MS = 5_000;
const TIDY_MS = 3_600_000;
/** How long jobs that have ended are shown. */
const KEPT_MS = 30 * DAY_MS;
/** Files that take longer to come in were cut off with their process. */
const COMING_IN_MS = 3_600_000;
/** Files that one process works at. */
const TOGETHER = 4;
const IMPORTS = systemActor('imports');

/** Works at the files that have come in, and at those that another process has left. */
@Injectable()
export class ImportWorker implements BeforeApplicationShutdown {
  private readonly running = new Map<string, Promise<void>>();
  private readonly stop = new AbortController();
  private readonly looks = new Periodic(() => runAs(IMPORTS, () => this.look()), {
    every: LOOK_MS,
    first: 0,
    failed: error => this.logger.warn({ err: error }, 'imports could not be looked at'),
  });
  private tidied = 0;

  constructor(
    private readonly leases: ImportLeases,
    private readonly runs: ImportRun,
    private readonly logger: Logger,
  ) {}

  /** From now on; a command line does not begin it. */
  watch(): void {
    this.looks.start();
  }

  /** Works at a job at once, if there is room; resolves when it has ended, or is left to another process. */
  begin(id: string): Promise<void> {
    const known = this.running.get(id);
    if (known) return known;
    if (this.stop.signal.aborted || this.running.size >= TOGETHER) return Promise.resolve();
    const run = runAs(IMPORTS, () => this.runs.run(id, { stop: this.stop.signal, progress: () => undefined }))
      .catch((error: unknown) =>
        this.logger.warn({ err: error, import_job: id }, 'an import could not go on'),
      )
      .finally(() => this.running.delete(id));
    this.running.set(id, run);
    return run;
  }

  /** Looks now, and waits for what was found. */
  async pass(): Promise<void> {
    await this.looks.now();
    await Promise.all(this.running.values());
  }

  async beforeApplicationShutdown(): Promise<void> {
    const looked = this.looks.end();
    this.stop.abort();
    await looked;
    await Promise.all(this.running.values());
  }

  private async look(): Promise<void> {
    for (const id of await this.leases.waiting(TOGETHER)) void this.begin(id);
    if (Date.now() - this.tidied < TIDY_MS) return;
    this.tidied = Date.now();
    await this.leases.tidy(momentIn(-KEPT_MS), momentIn(-COMING_IN_MS));
  }
}
