import { Injectable } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { currentActor } from '../../core/context/request-context.js';
import type { Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { decodeMomentIfSet } from '../../core/database/values.js';
import { oneOf, parseLogQuery, uuidIn } from '../../core/resource/logs/log-query.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { revealable } from '../credentials/revealable.js';
import {
  type CredentialHealthPage,
  HEALTH_REASONS,
  type HealthReason,
  type UnhealthyCredential,
} from './health.answers.js';
import { reasonClauses } from './reasons.js';

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
    const asked = wanted.length > 0 ? wanted : HEALTH_REASONS;
    const { checked, total, ...counts } = await this.count(reasons, asked, among);
    const any = anyOf(asked.map(one => reasons[one]));
    const items = await this.rows(reasons, allOf([among, any]), skip, limit);
    await this.audit.recordRead({
      action: 'credential.health',
      resource_type: 'credential',
      client_id: null,
      details: { reasons: wanted, checked, shown: items.length, skip },
    });
    return { items, total, skip, limit, next: null, counts, checked };
  }

  /** Each condition is looked at once for each credential: a limit keeps the inner query one of its own. */
  private async count(
    reasons: Record<HealthReason, Clause>,
    wanted: readonly HealthReason[],
    among: Clause,
  ): Promise<Record<HealthReason | 'checked' | 'total', number>> {
    const flags = flagsOf(reasons);
    const sums = HEALTH_REASONS.map(one => `SUM(is_${one}) AS ${one}`).join(', ');
    const any = wanted.map(one => `is_${one} = 1`).join(' OR ');
    const [row = {}] = await this.units.sql.scan<Row>(
      `SELECT COUNT(*) AS checked, ${sums}, SUM(CASE WHEN ${any} THEN 1 ELSE 0 END) AS total FROM ` +
        `(SELECT ${flags.sql} FROM credentials WHERE ${among.sql} LIMIT ${Number.MAX_SAFE_INTEGER}) flags`,
      [...flags.values, ...among.values],
    );
    const numbers = ['checked', 'total', ...HEALTH_REASONS].map(name => [name, Number(row[name] ?? 0)]);
    return Object.fromEntries(numbers) as Record<HealthReason | 'checked' | 'total', number>;
  }

  private async rows(
    reasons: Record<HealthReason, Clause>,
    among: Clause,
    skip: number,
    limit: number,
  ): Promise<UnhealthyCredential[]> {
    const flags = flagsOf(reasons);
    const columns = [...COLUMNS.map(name => `credentials.${name}`), flags.sql].join(', ');
    const rows = await this.units.sql.scan<Row>(
      `SELECT ${columns} FROM credentials WHERE ${among.sql} ORDER BY credentials.id DESC LIMIT ${limit} OFFSET ${skip}`,
      [...flags.values, ...among.values],
    );
    return rows.map(shown);
  }
}

/** `is_<reason>`, 1 or 0. */
function flagsOf(reasons: Record<HealthReason, Clause>): Clause {
  return {
    sql: HEALTH_REASONS.map(one => `CASE WHEN ${reasons[one].sql} THEN 1 ELSE 0 END AS is_${one}`).join(', '),
    values: HEALTH_REASONS.flatMap(one => reasons[one].values),
  };
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

function shown(row: Row): UnhealthyCredential {
  return {
    credential_id: String(row.id),
    client_id: row.client_id as string | null,
    name: row.name as string | null,
    service_name: String(row.service_name),
    username: row.username as string | null,
    reasons: HEALTH_REASONS.filter(one => Number(row[`is_${one}`]) === 1),
    strength: row.strength === null ? null : Number(row.strength),
    expires_at: decodeMomentIfSet(row.expires_at),
    last_rotated_at: decodeMomentIfSet(row.last_rotated_at),
    rotation_demand: row.rotation_demand as string | null,
  };
}
