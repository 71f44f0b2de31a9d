import { AccessToken } from '../../core/access/access-tokens/access-token.entity.js';
import type { Dialect } from '../../core/database/sql.js';
import { type ResourceSpec, resourceOf } from '../../core/resource/resource.js';
import type { Type } from '../../core/table/field-spec.js';
import { Domain } from '../../estate/domains/domain.entity.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { CredentialPermission } from '../../vault/permissions/credential-permission.entity.js';
import { Credential } from '../../vault/credentials/credential.entity.js';
import { SecurityIncident } from '../../vault/incidents/security-incident.entity.js';

export const EXPIRATION_KINDS = [
  'credential',
  'rotation',
  'certificate',
  'grant',
  'access_token',
  'warranty',
  'domain',
  'deadline',
] as const;
export type ExpirationKind = (typeof EXPIRATION_KINDS)[number];

/** Where a kind of date stands. */
export interface Source {
  kind: ExpirationKind;
  /** The resource whose rows are named, and whose visibility holds. */
  spec: ResourceSpec;
  /** What is joined to its table, if anything. */
  join?: string;
  /** The moment as the database stores moments. */
  at: (dialect: Dialect) => string;
  /** It is the start of a day in UTC, of which people count days of the calendar. */
  isDay?: boolean;
  /** Which rows still count. */
  where: string;
  /** What is unique among the rows of the kind. */
  key: string;
  /** What it is called beside the name of the row; null when that is all. */
  label: string;
  /** Which of these rows people are reminded of; all when absent. */
  reminds?: (dialect: Dialect) => string;
}

const source = (kind: ExpirationKind, type: Type, at: Source['at'] | string, where: string): Source => {
  const spec = resourceOf(type);
  return {
    kind,
    spec,
    at: typeof at === 'string' ? () => at : at,
    where,
    key: `${spec.table}.id`,
    label: 'NULL',
  };
};

/** The start of a day as the database stores moments. */
const startOf =
  (day: string): Source['at'] =>
  dialect =>
    dialect === 'sqlite' ? `${day} || ' 00:00:00.000'` : `CAST(${day} AS DATETIME(3))`;

/** So many days, a number or a column, after a moment. */
const later = (dialect: Dialect, moment: string, days: string): string =>
  dialect === 'sqlite'
    ? `strftime('%Y-%m-%d %H:%M:%f', ${moment}, '+' || ${days} || ' days')`
    : `DATE_ADD(${moment}, INTERVAL ${days} DAY)`;

const inUse = 'credentials.archived_at IS NULL AND credentials.is_active = 1';
const written = 'COALESCE(credentials.last_rotated_at, credentials.created_at)';

/** Dates after which something no longer holds; a column of a day counts from its start in UTC (`startOf`). */
export const SOURCES: readonly Source[] = [
  source('credential', Credential, 'credentials.expires_at', inUse),
  source(
    'rotation',
    Credential,
    dialect => later(dialect, written, 'credentials.rotate_every_days'),
    `${inUse} AND credentials.rotate_every_days IS NOT NULL`,
  ),
  {
    ...source('certificate', Credential, 'credentials.certificate_expires_at', inUse),
    label: 'credentials.certificate_subject',
  },
  {
    ...source('grant', CredentialPermission, 'credential_permissions.expires_at', '1 = 1'),
    label: 'credential_permissions.level',
  },
  {
    ...source('access_token', AccessToken, 'access_tokens.expires_at', 'access_tokens.revoked_at IS NULL'),
    // Of those that are made for a day or a week nobody wants to hear.
    reminds: dialect => `access_tokens.expires_at > ${later(dialect, 'access_tokens.created_at', '7')}`,
  },
  {
    ...source(
      'warranty',
      Infrastructure,
      startOf('infrastructure.warranty_expires_on'),
      "infrastructure.warranty_expires_on IS NOT NULL AND infrastructure.status <> 'decommissioned'",
    ),
    isDay: true,
  },
  {
    ...source('domain', Domain, startOf('domains.expires_on'), 'domains.expires_on IS NOT NULL'),
    isDay: true,
  },
  {
    ...source(
      'deadline',
      SecurityIncident,
      'incident_deadlines.due_at',
      'incident_deadlines.notified_at IS NULL',
    ),
    join: 'JOIN incident_deadlines ON incident_deadlines.incident_id = security_incidents.id',
    key: 'incident_deadlines.id',
    label: 'incident_deadlines.label',
  },
];
