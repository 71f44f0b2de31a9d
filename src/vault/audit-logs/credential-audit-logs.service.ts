import { Injectable } from '@nestjs/common';
import type { SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { NotFoundError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import type { Page } from '../../core/resource/lists/page.js';
import type { Clause } from '../../core/table/clause.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { CredentialAuditLog, entryOf, JournalRow, toLog } from './credential-audit-log.js';
import { encodeLogCursor, LogQuery } from './log-query.js';
import { visibleEntries } from './visible-entries.js';

const COUNT_CAP = 10_000;
const COLUMNS = 'n id action resource_id actor_id name ip user_agent at outcome details'
  .split(' ')
  .map(name => `journal.${name}`)
  .join(', ');
/** A get that opened secrets is one entry, shown as a decrypt and as a view. */
const FROM =
  'FROM journal JOIN (SELECT 0 AS twin UNION ALL SELECT 1 AS twin) twins ' +
  "ON twins.twin = 0 OR (journal.action = 'credential.decrypt' AND journal.outcome = 'ok')";

/**
 * The journal's entries about credentials, in the shape of the earlier system; read only. Lists look through as much of
 * the journal as there is, so they are scans.
 */
@Injectable()
export class CredentialAuditLogsService {
  constructor(
    private readonly units: Units,
    private readonly credentials: CredentialsService,
  ) {}

  async list(query: LogQuery): Promise<Page<CredentialAuditLog>> {
    const clauses = [...this.restrictions(), ...query.clauses];
    const keyed = query.cursor ? [...clauses, after(query.cursor)] : clauses;
    const { sql, values } = whereOf(keyed);
    const offset = query.skip > 0 ? ` OFFSET ${query.skip}` : '';
    const rows = await this.units.sql.scan<JournalRow>(
      `SELECT ${COLUMNS}, twins.twin AS twin ${FROM} WHERE ${sql} ORDER BY journal.n DESC, twins.twin DESC LIMIT ${query.limit + 1}${offset}`,
      values,
    );
    const more = rows.length > query.limit;
    if (more) rows.length = query.limit;
    const last = rows.at(-1);
    const total = query.cursor && !query.exact ? { total: null } : await this.total(clauses, query.exact);
    const next = more && last ? encodeLogCursor([Number(last.n), Number(last.twin)]) : null;
    return { items: rows.map(toLog), ...total, skip: query.skip, limit: query.limit, next };
  }

  async get(id: string): Promise<CredentialAuditLog> {
    const entry = entryOf(id);
    const { sql, values } = whereOf([
      ...this.restrictions(),
      { sql: 'journal.id = ? AND twins.twin = ?', values: [entry.id, entry.twin] },
    ]);
    const rows = await this.units.sql.select<JournalRow>(
      `SELECT ${COLUMNS}, twins.twin AS twin ${FROM} WHERE ${sql}`,
      values,
    );
    if (!rows[0])
      throw new NotFoundError('CredentialAuditLog was not found', {
        resource_type: 'CredentialAuditLog',
        resource_id: id,
      });
    return toLog(rows[0]);
  }

  private async total(clauses: Clause[], exact: boolean): Promise<{ total: number; total_capped?: boolean }> {
    const { sql, values } = whereOf(clauses);
    const cap = exact ? '' : ` LIMIT ${COUNT_CAP + 1}`;
    const text = `SELECT COUNT(*) AS total FROM (SELECT 1 ${FROM} WHERE ${sql}${cap}) counted`;
    const found = Number((await this.units.sql.scan<{ total: number }>(text, values))[0]?.total ?? 0);
    return cap && found > COUNT_CAP ? { total: COUNT_CAP, total_capped: true } : { total: found };
  }

  private restrictions(): Clause[] {
    return visibleEntries(currentActor(), this.credentials.visible(), this.units.sql.dialect);
  }
}

function after([n, twin]: [number, number]): Clause {
  return { sql: '(journal.n < ? OR (journal.n = ? AND twins.twin < ?))', values: [n, n, twin] };
}

function whereOf(clauses: Clause[]): { sql: string; values: SqlValue[] } {
  return { sql: clauses.map(one => one.sql).join(' AND '), values: clauses.flatMap(one => one.values) };
}
