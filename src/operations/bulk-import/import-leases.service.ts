import { Injectable } from '@nestjs/common';
import { databaseTime } from '../../core/database/database-time.js';
import { MainDatabase } from '../../core/database/main-database.js';
import { newId } from '../../core/database/new-id.js';
import { placeholders } from '../../core/database/sql.js';
import { changeOne } from '../../core/database/transact.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment } from '../../core/database/values.js';
import { encode } from '../../core/table/codec.js';
import { Rows } from '../../core/table/rows.js';
import { storedOf } from '../../core/table/stored.js';
import { ImportJob, OPEN } from './import-job.entity.js';
import { ImportJobs } from './import-jobs.service.js';

/** Longer than a part takes. */
const LEASE_SECONDS = 30;
const SPEC = storedOf(ImportJob);
const COLUMNS = SPEC.fields.map(one => one.name).join(', ');
const IS_OPEN = `state IN (${placeholders(OPEN.length)})`;

/**
 * Which process works at a file. Whoever is killed leaves it to others half a minute later; whoever was held up so long that
 * another has taken over, or somebody has cancelled it, finds its fence gone, and its part is undone.
 */
@Injectable()
export class ImportLeases {
  private readonly holder = newId();

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly database: MainDatabase,
    private readonly jobs: ImportJobs,
  ) {}

  /** Those that nobody works at, the oldest first. */
  async waiting(most: number): Promise<string[]> {
    const { dialect, reader } = this.database.connections;
    const text =
      `SELECT id FROM import_jobs WHERE ${IS_OPEN} AND (held_until IS NULL OR held_until < ${databaseTime(dialect)}) ` +
      `ORDER BY n LIMIT ${most}`;
    return (await reader.select<{ id: string }>(text, [...OPEN])).map(one => one.id);
  }

  /** The job with its new fence; undefined where another process has it, or it has ended. */
  async claim(id: string): Promise<ImportJob | undefined> {
    const { dialect, reader } = this.database.connections;
    const text =
      `UPDATE import_jobs SET holder = ?, held_until = ${databaseTime(dialect, -LEASE_SECONDS)}, fence = fence + 1 ` +
      `WHERE id = ? AND ${IS_OPEN} AND (held_until IS NULL OR held_until < ${databaseTime(dialect)})`;
    if ((await changeOne(this.database, text, [this.holder, id, ...OPEN])) !== 1) return undefined;
    const own = `SELECT ${COLUMNS} FROM import_jobs WHERE id = ? AND holder = ?`;
    return this.rows.decode<ImportJob>(SPEC, await reader.select(own, [id, this.holder]))[0];
  }

  /** Notes how far it is, in the running unit if there is one; false where the fence is gone. */
  async note({ id, fence }: ImportJob, changes: Partial<ImportJob>): Promise<boolean> {
    const fields = Object.entries(changes).flatMap(([name, value]) => {
      const field = SPEC.byName.get(name);
      return field ? [{ name, value: encode(field, value) }] : [];
    });
    const set = fields.map(({ name }) => `${name} = ?, `).join('');
    const until = databaseTime(this.database.dialect, -LEASE_SECONDS);
    const text = `UPDATE import_jobs SET ${set}held_until = ${until} WHERE id = ? AND fence = ?`;
    const values = [...fields.map(one => one.value), id, fence];
    const matched = this.units.active
      ? await this.units.sql.change(text, values)
      : await changeOne(this.database, text, values);
    return matched === 1;
  }

  async release({ id, fence }: ImportJob): Promise<void> {
    const text = 'UPDATE import_jobs SET holder = NULL, held_until = NULL WHERE id = ? AND fence = ?';
    await changeOne(this.database, text, [id, fence]);
  }

  /** Forgets what ended before a moment, and files that began to come in before another one, and never did as a whole. */
  async tidy(ended: string, begun: string): Promise<void> {
    for (const job of await this.rows.find(ImportJob, { state: 'receiving' }))
      if (job.created_at < begun) await this.jobs.drop(job);
    await changeOne(this.database, 'DELETE FROM import_jobs WHERE finished_at < ?', [encodeMoment(ended)]);
  }
}
