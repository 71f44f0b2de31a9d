import { Injectable } from '@nestjs/common';
import { MainDatabase } from '../../core/database/main-database.js';
import { RowLeases } from '../../core/database/row-leases.js';
import { placeholders } from '../../core/database/sql.js';
import { changeOne } from '../../core/database/transact.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment } from '../../core/database/values.js';
import { encode } from '../../core/table/codec.js';
import { Rows } from '../../core/table/rows.js';
import { storedOf } from '../../core/table/stored.js';
import { Periodic } from '../../core/workers/periodic.js';
import { ImportJob, OPEN } from './import-job.entity.js';
import { ImportJobs } from './import-jobs.service.js';

const SPEC = storedOf(ImportJob);
const IS_OPEN = `state IN (${placeholders(OPEN.length)})`;

/** Which process works at a file. Whoever finds its fence gone, also because somebody has cancelled it, undoes its part. */
@Injectable()
export class ImportLeases {
  private readonly leases: RowLeases;

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly database: MainDatabase,
    private readonly jobs: ImportJobs,
  ) {
    this.leases = new RowLeases(database, 'import_jobs');
  }

  /** Those that nobody works at, the oldest first. */
  async waiting(most: number): Promise<string[]> {
    const { reader } = this.database.connections;
    const text = `SELECT id FROM import_jobs WHERE ${IS_OPEN} AND ${this.leases.isFree} ORDER BY n LIMIT ${most}`;
    return (await reader.select<{ id: string }>(text, [...OPEN])).map(one => one.id);
  }

  /** The job with its new fence; undefined where another process has it, or it has ended. */
  async claim(id: string): Promise<ImportJob | undefined> {
    const fence = await this.leases.claim(id, { sql: IS_OPEN, values: OPEN });
    return fence === undefined ? undefined : this.rows.findOne(ImportJob, { id, fence });
  }

  /** Notes how far it is, in the running unit if there is one; false where the fence is gone. */
  async note({ id, fence }: ImportJob, changes: Partial<ImportJob>): Promise<boolean> {
    const fields = Object.entries(changes).flatMap(([name, value]) => {
      const field = SPEC.byName.get(name);
      return field ? [{ name, value: encode(field, value) }] : [];
    });
    const set = fields.map(({ name }) => `${name} = ?, `).join('');
    const text = `UPDATE import_jobs SET ${set}${this.leases.holding} WHERE id = ? AND fence = ?`;
    const values = [...fields.map(one => one.value), id, fence];
    const matched = this.units.active
      ? await this.units.sql.change(text, values)
      : await changeOne(this.database, text, values);
    return matched === 1;
  }

  /** Holds a job for as long as work at it goes on, however long a part takes. */
  holding({ id, fence }: ImportJob, every: number): Periodic {
    const holds = new Periodic(() => this.leases.renew(id, fence), { every });
    holds.start();
    return holds;
  }

  /** After something that it needs was away: one more attempt in vain, and half a minute in which others come first. */
  async postpone({ id, fence }: ImportJob): Promise<void> {
    const text = `UPDATE import_jobs SET attempts = COALESCE(attempts, 0) + 1, ${this.leases.holding} WHERE id = ? AND fence = ?`;
    await changeOne(this.database, text, [id, fence]);
  }

  release({ id, fence }: ImportJob): Promise<void> {
    return this.leases.release(id, fence);
  }

  /**
   * Forgets what ended before a moment, and files that began to come in before another one, and never did as a whole;
   * and what is left of files whose job is at its end, or went with its user.
   */
  async tidy(ended: string, begun: string): Promise<void> {
    for (const job of await this.rows.find(ImportJob, { state: 'receiving' }))
      if (job.created_at < begun) await this.jobs.drop(job);
    await changeOne(this.database, 'DELETE FROM import_jobs WHERE finished_at < ?', [encodeMoment(ended)]);
    const open =
      'SELECT 1 FROM import_jobs WHERE import_jobs.id = upload_pieces.upload_id AND finished_at IS NULL';
    await changeOne(this.database, `DELETE FROM upload_pieces WHERE NOT EXISTS (${open})`, []);
  }
}
