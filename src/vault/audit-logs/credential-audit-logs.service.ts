import { Injectable } from '@nestjs/common';
import { AccessTokensService } from '../../core/access/access-tokens/access-tokens.service.js';
import { Units } from '../../core/database/units.js';
import { NotFoundError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import type { Page } from '../../core/resource/lists/page.js';
import { type LogView, readLog } from '../../core/resource/logs/log-page.js';
import type { LogQuery } from '../../core/resource/logs/log-query.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { CredentialAuditLog, entryOf, JournalRow, toLog } from './credential-audit-log.js';
import { undisclosedTo, visibleEntries } from './visible-entries.js';

const COLUMNS = 'n id action resource_id actor_id token_id name ip user_agent at outcome details'
  .split(' ')
  .map(name => `journal.${name}`)
  .join(', ');
/** A get that opened secrets is one entry, shown as a decrypt and as a view. */
const VIEW: LogView = {
  columns: `${COLUMNS}, twins.twin AS twin`,
  from:
    'journal JOIN (SELECT 0 AS twin UNION ALL SELECT 1 AS twin) twins ' +
    "ON twins.twin = 0 OR (journal.action = 'credential.decrypt' AND journal.outcome = 'ok')",
  keys: [
    { column: 'journal.at', name: 'at' },
    { column: 'journal.n', name: 'n' },
    { column: 'twins.twin', name: 'twin' },
  ],
};

/**
 * The journal's entries about credentials, in the shape of the earlier system; read only. Lists look through as much of
 * the journal as there is, so they are scans.
 */
@Injectable()
export class CredentialAuditLogsService {
  constructor(
    private readonly units: Units,
    private readonly credentials: CredentialsService,
    private readonly tokens: AccessTokensService,
  ) {}

  async list(query: LogQuery): Promise<Page<CredentialAuditLog>> {
    const page = await readLog<JournalRow>(this.units, VIEW, query, this.restrictions());
    return { ...page, items: await this.logs(page.items) };
  }

  async get(id: string): Promise<CredentialAuditLog> {
    const entry = entryOf(id);
    const { sql, values } = allOf([
      ...this.restrictions(),
      { sql: 'journal.id = ? AND twins.twin = ?', values: [entry.id, entry.twin] },
    ]);
    const rows = await this.units.sql.select<JournalRow>(
      `SELECT ${VIEW.columns} FROM ${VIEW.from} WHERE ${sql}`,
      values,
    );
    const [log] = await this.logs(rows);
    if (!log)
      throw new NotFoundError('CredentialAuditLog was not found', {
        resource_type: 'CredentialAuditLog',
        resource_id: id,
      });
    return log;
  }

  /** What no view of the journal shows to the actor, whatever the entries are about. */
  undisclosed(): Clause[] {
    return undisclosedTo(currentActor(), this.credentials.visible(), this.units.sql.dialect);
  }

  /** A token that the reader does not see has an id and no name. */
  private async logs(rows: JournalRow[]): Promise<CredentialAuditLog[]> {
    const names = await this.tokens.namesOf([...new Set(rows.flatMap(one => one.token_id ?? []))]);
    return rows.map(row => toLog(row, names.get(row.token_id ?? '') ?? null));
  }

  private restrictions(): Clause[] {
    return visibleEntries(currentActor(), this.credentials.visible(), this.units.sql.dialect);
  }
}
