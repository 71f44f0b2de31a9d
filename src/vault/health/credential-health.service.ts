import { Injectable } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { currentActor } from '../../core/context/request-context.js';
import type { Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { decodeMoment } from '../../core/database/values.js';
import { oneOf, parseLogQuery, uuidIn } from '../../core/resource/logs/log-query.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { revealable } from '../credentials/revealable.js';
import type { CredentialHealthPage, UnhealthyCredential } from './health.answers.js';
import { HEALTH_REASONS, type HealthReason, reasonClauses } from './reasons.js';

const COLUMNS = [
  'id', 'client_id', 'name', 'service_name', 'username', 'strength', 'expires_at', 'last_rotated_at', 'rotation_demand',
]; // prettier-ignore

/** Says which credentials want care, and why. It looks at all of them, so it is read where nobody else waits. */
@Injectable()
export class CredentialHealth {
  constructor(
    private readonly units: Units,
    private readonly credentials: CredentialsService,
    private readonly audit: Audit,
  ) {}

  /**
   * Of the credentials that the caller may reveal just so, without an archived one. That two secrets are the same is
   * worth a reveal: who asks is on the record.
   *
   * @param raw `reason` (any of), `client_id`, `skip`, `limit`
   */
  async report(raw: RawQuery): Promise<CredentialHealthPage> {
    const wanted = [raw.reason ?? []].flat() as HealthReason[];
    const query = parseLogQuery(
      raw,
      { reason: oneOf('reason', HEALTH_REASONS), client_id: uuidIn('client_id') },
      0,
    );
    const { skip, limit } = query;
    const open = allOf([
      ...this.credentials.visible(),
      revealable(currentActor()),
      { sql: 'credentials.archived_at IS NULL', values: [] },
    ]);
    const reasons = reasonClauses(this.units.sql.dialect, open);
    const among = allOf([open, ...clientsOf(raw)]);
    const any = anyOf((wanted.length > 0 ? wanted : HEALTH_REASONS).map(one => reasons[one]));
    const { checked, total, ...counts } = await this.count({ ...reasons, total: any }, among);
    const items = await this.rows(reasons, allOf([among, any]), skip, limit);
    await this.audit.recordRead({
      action: 'credential.health',
      resource_type: 'credential',
      client_id: null,
      details: { reasons: wanted, checked, shown: items.length, skip },
    });
    return { items, total, skip, limit, next: null, counts, checked };
  }

  private async count<Name extends string>(
    conditions: Record<Name, Clause>,
    among: Clause,
  ): Promise<Record<Name | 'checked', number>> {
    const names = Object.keys(conditions) as Name[];
    const sums = names.map(one => `SUM(CASE WHEN ${conditions[one].sql} THEN 1 ELSE 0 END) AS ${one}`);
    const values = names.flatMap(one => conditions[one].values);
    const [row = {}] = await this.units.sql.scan<Row>(
      `SELECT COUNT(*) AS checked, ${sums.join(', ')} FROM credentials WHERE ${among.sql}`,
      [...values, ...among.values],
    );
    const numbers = ['checked', ...names].map(name => [name, Number(row[name] ?? 0)]);
    return Object.fromEntries(numbers) as Record<Name | 'checked', number>;
  }

  private async rows(
    reasons: Record<HealthReason, Clause>,
    among: Clause,
    skip: number,
    limit: number,
  ): Promise<UnhealthyCredential[]> {
    const flags = HEALTH_REASONS.map(one => `CASE WHEN ${reasons[one].sql} THEN 1 ELSE 0 END AS is_${one}`);
    const values = HEALTH_REASONS.flatMap(one => reasons[one].values);
    const columns = [...COLUMNS.map(name => `credentials.${name}`), ...flags].join(', ');
    const rows = await this.units.sql.scan<Row>(
      `SELECT ${columns} FROM credentials WHERE ${among.sql} ORDER BY credentials.id DESC LIMIT ${limit} OFFSET ${skip}`,
      [...values, ...among.values],
    );
    return rows.map(shown);
  }
}

function clientsOf(raw: RawQuery): Clause[] {
  const ids = [raw.client_id ?? []].flat();
  const found = ids.length > 0 ? uuidIn('credentials.client_id')(ids) : undefined;
  return found && 'sql' in found ? [found] : [];
}

function anyOf(clauses: Clause[]): Clause {
  return {
    sql: `(${clauses.map(one => `(${one.sql})`).join(' OR ')})`,
    values: clauses.flatMap(one => one.values),
  };
}

const moment = (value: unknown) => (typeof value === 'string' ? decodeMoment(value) : null);

function shown(row: Row): UnhealthyCredential {
  return {
    credential_id: String(row.id),
    client_id: row.client_id as string | null,
    name: row.name as string | null,
    service_name: String(row.service_name),
    username: row.username as string | null,
    reasons: HEALTH_REASONS.filter(one => Number(row[`is_${one}`]) === 1),
    strength: row.strength === null ? null : Number(row.strength),
    expires_at: moment(row.expires_at),
    last_rotated_at: moment(row.last_rotated_at),
    rotation_demand: row.rotation_demand as string | null,
  };
}
