import { Injectable } from '@nestjs/common';
import { Units } from '../../core/database/units.js';
import type { OpenFile } from './import-files.service.js';
import type { ImportJob } from './import-job.entity.js';
import { ImportLeases } from './import-leases.service.js';
import { type FileRow, ImportParts, type PartResult, type Planned } from './import-parts.service.js';
import { matchKeyOf } from './match-keys.js';

/** The fence is gone: another process goes on with it, or nobody does. */
export class LostError extends Error {}

/** Ends a unit of which nothing is to stay. */
class Undone extends Error {
  constructor(readonly result: PartResult) {
    super();
  }
}

/** Writes parts of a file, each in one unit together with how far the job is, or tries what would become of them. */
@Injectable()
export class ImportWrites {
  constructor(
    private readonly units: Units,
    private readonly parts: ImportParts,
    private readonly leases: ImportLeases,
  ) {}

  planned(job: ImportJob, part: FileRow[], { service }: OpenFile): Promise<Planned[]> {
    const key = matchKeyOf(service.spec, job.match_key ?? undefined);
    return this.parts.plan(service, part, { key, on_conflict: job.on_conflict });
  }

  /**
   * All rows of a part, and what the job notes of it, or nothing where one of them is refused: then the result says why.
   *
   * @param last the last row of the part
   * @throws LostError
   */
  async write(job: ImportJob, { service }: OpenFile, planned: Planned[], last: number): Promise<PartResult> {
    const noted = (result: PartResult) => ({
      state: 'writing' as const,
      rows_done: last,
      attempts: null,
      created: job.created + result.created,
      updated: job.updated + result.updated,
      skipped: job.skipped + result.skipped,
    });
    const result = await this.undone(async () => {
      const result = await this.parts.write(service, planned);
      if (result.failed_rows > 0) throw new Undone(result);
      // A unit that changed nothing else would have an entry for this alone.
      if (this.units.changed) await this.note(job, noted(result));
      return { ...result, isNoted: this.units.changed };
    });
    if (result.failed_rows > 0) return result;
    if (!('isNoted' in result && result.isNoted)) await this.note(job, noted(result));
    Object.assign(job, noted(result));
    return result;
  }

  /** What would become of a part. */
  rehearse({ service }: OpenFile, planned: Planned[]): Promise<PartResult> {
    return this.undone(async () => {
      throw new Undone(await this.parts.write(service, planned));
    });
  }

  /** @throws LostError */
  async note(job: ImportJob, changes: Partial<ImportJob>): Promise<void> {
    if (!(await this.leases.note(job, changes))) throw new LostError();
  }

  private async undone<R extends PartResult>(work: () => Promise<R>): Promise<R | PartResult> {
    try {
      return await this.units.run(work);
    } catch (error) {
      if (error instanceof Undone) return error.result;
      throw error;
    }
  }
}
