import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { JournalEntry, OUTCOMES } from '../../core/audit/journal-entry.entity.js';
import { NotFoundError } from '../../core/context/errors.js';
import type { Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { decodeMoment } from '../../core/database/values.js';
import type { Exported } from '../../core/resource/export/export.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Page } from '../../core/resource/lists/page.js';
import { type LogView, readLog } from '../../core/resource/logs/log-page.js';
import {
  equalTo,
  type LogFilter,
  oneOf,
  parseLogQuery,
  timesOf,
  uuidIn,
} from '../../core/resource/logs/log-query.js';
import { allOf } from '../../core/table/clause.js';
import { storedOf } from '../../core/table/stored.js';
import { CredentialAuditLogsService } from '../../vault/audit-logs/credential-audit-logs.service.js';
import type { ApiAuditLogEntry } from './api-audit-log.answers.js';

const INSIDE = new Set(['n', 'seq', 'mac', 'mac_key_version']);
const SHOWN = storedOf(JournalEntry)
  .fields.map(one => one.name)
  .filter(name => !INSIDE.has(name));

const VIEW: LogView = {
  columns: ['n', ...SHOWN].map(name => `journal.${name}`).join(', '),
  from: 'journal',
  keys: ['at', 'n'].map(name => ({ column: `journal.${name}`, name })),
};

const isWord = (text: string) => text.length > 0 && text.length <= 100;
const word = (name: string) => equalTo(`journal.${name}`, isWord, 'must be 1 to 100 characters');

/** Each has an index, with the time: `JOURNAL_FILTERS`. */
const FILTERS: Record<string, LogFilter> = {
  ...Object.fromEntries(
    ['actor_id', 'resource_type', 'resource_id', 'action', 'request_id'].map(name => [name, word(name)]),
  ),
  token_id: uuidIn('journal.token_id'),
  client_id: uuidIn('journal.client_id'),
  outcome: oneOf('journal.outcome', OUTCOMES),
  ip: equalTo('journal.ip', text => text.length <= 45 && ipaddr.isValid(text), 'must be an IP address'),
  ...timesOf('at', 'journal.at'),
};

/**
 * The whole journal for administrators, newest first, of the clients that they see; read only. Reading it leaves no
 * entries, like all lists.
 */
@Injectable()
export class ApiAuditLogService implements Exported {
  readonly spec = { path: 'api-audit-log', readScope: 'msp:admin' } as const;

  constructor(
    private readonly units: Units,
    private readonly credentials: CredentialAuditLogsService,
  ) {}

  list(raw: RawQuery): Promise<Page<ApiAuditLogEntry>> {
    return this.page(raw, false);
  }

  /** As `list`, for who follows `next`: a page of very long entries holds fewer. */
  part(raw: RawQuery): Promise<Page<ApiAuditLogEntry>> {
    return this.page(raw, true);
  }

  columnsOf(raw: RawQuery): string[] {
    parseLogQuery(raw, FILTERS, VIEW.keys.length);
    return SHOWN;
  }

  nameColumns(): [] {
    return [];
  }

  async get(id: string): Promise<ApiAuditLogEntry> {
    const { sql, values } = allOf([
      { sql: 'journal.id = ?', values: [id] },
      ...this.credentials.undisclosed(),
    ]);
    const text = `SELECT ${VIEW.columns} FROM journal WHERE ${sql}`;
    const [row] = await this.units.sql.select(text, values);
    if (row) return toEntry(row);
    throw new NotFoundError('ApiAuditLogEntry was not found', {
      resource_type: 'ApiAuditLogEntry',
      resource_id: id,
    });
  }

  private async page(raw: RawQuery, mayEndEarly: boolean): Promise<Page<ApiAuditLogEntry>> {
    const query = { ...parseLogQuery(raw, FILTERS, VIEW.keys.length), mayEndEarly };
    const page = await readLog(this.units, VIEW, query, this.credentials.undisclosed());
    return { ...page, items: page.items.map(toEntry) };
  }
}

const json = (text: unknown) =>
  typeof text === 'string' ? (JSON.parse(text) as Record<string, unknown>) : {};

function toEntry(row: Row): ApiAuditLogEntry {
  const shown = Object.fromEntries(SHOWN.map(name => [name, row[name]]));
  return {
    ...(shown as unknown as ApiAuditLogEntry),
    at: decodeMoment(String(row.at)),
    details: json(row.details),
    changes: json(row.changes),
  };
}
