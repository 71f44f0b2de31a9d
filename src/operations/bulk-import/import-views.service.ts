import { Injectable } from '@nestjs/common';
import { type Actor, administersAll, reaches } from '../../core/context/actor.js';
import { ConflictError, NotFoundError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { placeholders, type Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment, now } from '../../core/database/values.js';
import { allResources } from '../../core/resource/resource.js';
import type { Page } from '../../core/resource/lists/page.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { type LogView, readLog } from '../../core/resource/logs/log-page.js';
import { equalTo, oneOf, parseLogQuery } from '../../core/resource/logs/log-query.js';
import type { Clause } from '../../core/table/clause.js';
import { Rows } from '../../core/table/rows.js';
import { storedOf } from '../../core/table/stored.js';
import { ImportJob, OPEN, STATES } from './import-job.entity.js';
import { ImportJobs } from './import-jobs.service.js';

const SPEC = storedOf(ImportJob);
const VIEW: LogView = {
  columns: SPEC.fields.map(one => `import_jobs.${one.name}`).join(', '),
  from: 'import_jobs',
  keys: [
    { column: 'import_jobs.created_at', name: 'created_at' },
    { column: 'import_jobs.n', name: 'n' },
  ],
};
const FILTERS = {
  state: oneOf('import_jobs.state', STATES),
  resource: equalTo(
    'import_jobs.resource',
    text => /^[a-z0-9-]{1,100}$/.test(text),
    'must be the path of a resource',
  ),
};

const COMING_IN = 'The file is still coming in: end the request that sends it, or wait until it has come';

/**
 * Jobs as those see them whose they are, and administrators who see every client; by an access token those of the
 * resources that it is for, and, where it does not see every client, those that it has begun.
 */
@Injectable()
export class ImportViews {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly jobs: ImportJobs,
  ) {}

  /** Newest first: those of the actor, or all for administrators who see every client. */
  async list(raw: RawQuery): Promise<Page<ImportJob>> {
    const query = parseLogQuery(raw, FILTERS, VIEW.keys.length);
    const page = await readLog<Row>(this.units, VIEW, query, seenBy(currentActor()));
    return { ...page, items: this.rows.decode<ImportJob>(SPEC, page.items) };
  }

  async get(id: string): Promise<ImportJob> {
    const [row] = await this.rows.find(ImportJob, { id });
    const actor = currentActor();
    if (!row || !isSeenBy(actor, row))
      throw new NotFoundError('ImportJob was not found', { resource_type: 'ImportJob', resource_id: id });
    return row;
  }

  /** Ends it at once: what a process writes just now is undone, what was written before stays. */
  async cancel(id: string): Promise<ImportJob> {
    const job = await this.get(id);
    await this.units.run(async () => {
      const text =
        `UPDATE import_jobs SET state = 'cancelled', fence = fence + 1, finished_at = ? ` +
        `WHERE id = ? AND state IN (${placeholders(OPEN.length)})`;
      if ((await this.units.sql.change(text, [encodeMoment(now()), id, ...OPEN])) !== 1)
        throw new ConflictError(job.state === 'receiving' ? COMING_IN : 'The import has ended already', {
          resource_type: 'ImportJob',
          resource_id: id,
        });
      this.jobs.record(job, 'cancel', {});
      await this.units.sql.change('DELETE FROM upload_pieces WHERE upload_id = ?', [id]);
    });
    return this.get(id);
  }
}

function isSeenBy(actor: Actor, { user_id, token_id, resource }: ImportJob): boolean {
  if (!reaches(actor, resource)) return false;
  return administersAll(actor) || (user_id === actor.id && (!actor.token || token_id === actor.token.id));
}

function seenBy(actor: Actor): Clause[] {
  const { id, token } = actor;
  const clauses: Clause[] = [];
  if (token) {
    const reached = allResources().map(one => one.path).filter(path => reaches(actor, path)); // prettier-ignore
    const among = `import_jobs.resource IN (${placeholders(reached.length)})`;
    clauses.push({ sql: reached.length > 0 ? among : '1 = 0', values: reached });
  }
  if (administersAll(actor)) return clauses;
  if (token) clauses.push({ sql: 'import_jobs.token_id = ?', values: [token.id] });
  return [...clauses, { sql: 'import_jobs.user_id = ?', values: [id] }];
}
