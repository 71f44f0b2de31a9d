import { Injectable } from '@nestjs/common';
import { systemActor } from '../../core/context/actor.js';
import { currentContext, runAs } from '../../core/context/request-context.js';
import { Duplicates } from './duplicates.js';
import { ImportFiles, type OpenFile } from './import-files.service.js';
import type { ImportJob } from './import-job.entity.js';
import { ImportJobs } from './import-jobs.service.js';
import type { FileRow, PartResult } from './import-parts.service.js';
import { ImportWrites } from './import-writes.service.js';
import { add, newTally, NOTHING_WRITTEN, refusedRows } from './tally.js';

/** How often a part is planned anew, where what it found has changed meanwhile. */
const ATTEMPTS = 3;
/** How often it is noted how far the trial is: each time is a commit, and asks whether the job was cancelled. */
const NOTE_MS = 1_000;
const IMPORTS = systemActor('imports');

/** Who follows a job, and who ends the work at it. */
export interface Watch {
  stop: AbortSignal;
  progress: (job: ImportJob) => void;
  /** Told why, where the work ends because what it needs is away, and may go on later. */
  waits?: (error: Error) => void;
}

/** Tries every row of a file, and then writes all of them, part by part. A file of one part is tried while it is written. */
@Injectable()
export class ImportStages {
  constructor(
    private readonly jobs: ImportJobs,
    private readonly files: ImportFiles,
    private readonly writes: ImportWrites,
  ) {}

  /** Goes on where the job is, until it ends or is stopped. */
  async bring(job: ImportJob, watch: Watch): Promise<void> {
    if (job.state !== 'writing') {
      const open = await this.files.open(job);
      const first = await open.parts.next();
      const second = first.done ? first : await open.parts.next();
      const part = first.done ? [] : first.value;
      if (!job.dry_run && second.done) return this.writeAtOnce(job, part, open);
      const rest = { ...open, parts: partsFrom([part, second.done ? [] : second.value], open) };
      if (!(await this.check(job, rest, watch))) return;
    }
    await this.writeAll(job, watch);
  }

  /** Whether the rows are to be written. */
  private async check(job: ImportJob, open: OpenFile, watch: Watch): Promise<boolean> {
    const seen = new Duplicates(open.service.spec);
    const tally = newTally();
    await this.note(job, { ...tally, rows_done: 0, state: 'checking' }, watch);
    let noted = performance.now();
    for await (const part of open.parts) {
      if (watch.stop.aborted) return false;
      const planned = seen.refuse(await this.writes.planned(job, part, open));
      const tried = await this.writes.rehearse(open, planned);
      add(tally, job.dry_run ? tried : { ...tried, ...NOTHING_WRITTEN }, lastOf(part));
      Object.assign(job, tally);
      if (performance.now() - noted > NOTE_MS) {
        await this.writes.note(job, tally);
        noted = performance.now();
      }
      watch.progress(job);
    }
    const isGood = tally.failed_rows === 0;
    if (!isGood)
      await this.end(job, { ...tally, ...NOTHING_WRITTEN, state: 'failed', failure: refusedRows(tally) });
    else if (job.dry_run) await this.end(job, { ...tally, state: 'done' });
    else await this.note(job, { ...tally, ...NOTHING_WRITTEN, state: 'writing' }, watch);
    return isGood && !job.dry_run;
  }

  private async writeAtOnce(job: ImportJob, part: FileRow[], open: OpenFile): Promise<void> {
    const tally = newTally();
    const planned = new Duplicates(open.service.spec).refuse(await this.writes.planned(job, part, open));
    Object.assign(job, NOTHING_WRITTEN);
    add(tally, await this.writes.write(job, open, planned, lastOf(part)), lastOf(part));
    const isGood = tally.failed_rows === 0;
    if (isGood) return this.end(job, { ...tally, state: 'done' });
    return this.end(job, { ...tally, ...NOTHING_WRITTEN, state: 'failed', failure: refusedRows(tally) });
  }

  private async writeAll(job: ImportJob, watch: Watch): Promise<void> {
    const open = await this.files.open(job);
    for await (const all of open.parts) {
      const part = all.filter(one => one.row > job.rows_done);
      if (part.length === 0) continue;
      if (watch.stop.aborted) return;
      const result = await this.writePart(job, part, open);
      if (result.failed_rows > 0) return this.endAt(job, result);
      watch.progress(job);
    }
    await this.end(job, { state: 'done' });
  }

  /** What has changed since the part was planned is found by planning it anew. */
  private async writePart(job: ImportJob, part: FileRow[], open: OpenFile): Promise<PartResult> {
    for (let attempt = 1; ; attempt++) {
      const planned = await this.writes.planned(job, part, open);
      const result = await this.writes.write(job, open, planned, lastOf(part));
      if (result.failed_rows === 0 || attempt >= ATTEMPTS) return result;
    }
  }

  private endAt(job: ImportJob, result: PartResult): Promise<void> {
    const tally = newTally();
    add(tally, result, job.rows_total);
    const { errors, error_count, failed_rows } = tally;
    const failure =
      `Row ${errors[0]?.row} could not be written any more, as it could when all were tried: ` +
      `the ${job.rows_done} rows before its part are written`;
    return this.end(job, { errors, error_count, failed_rows, state: 'failed', failure });
  }

  private async note(job: ImportJob, changes: Partial<ImportJob>, watch: Watch): Promise<void> {
    await this.writes.note(job, changes);
    Object.assign(job, changes);
    watch.progress(job);
  }

  private end(job: ImportJob, changes: Partial<ImportJob> & Pick<ImportJob, 'state'>): Promise<void> {
    Object.assign(job, changes);
    return runAs(currentContext()?.actor ?? IMPORTS, () => this.jobs.end(job, changes));
  }
}

const lastOf = (part: FileRow[]) => part.at(-1)?.row ?? 0;

async function* partsFrom(begun: FileRow[][], { parts }: OpenFile): AsyncGenerator<FileRow[]> {
  yield* begun.filter(part => part.length > 0);
  yield* parts;
}
