import { currentActor } from '../../core/context/request-context.js';
import type { Dialect } from '../../core/database/sql.js';
import { flagFilter, type ListFilter, wholeFilter } from '../../core/resource/lists/list-filter.js';
import { DAY_MS, encodeMoment, isUuid, momentIn } from '../../core/database/values.js';
import { LINK_TARGETS, linkedWithSeen, linkTarget } from './links/link-targets.js';
import { openable } from './revealable.js';

const soon = (days: number) => encodeMoment(momentIn(days * DAY_MS));

/** When a rotation is due by `rotate_every_days`; NULL where none is wanted. */
export function dueSql(dialect: Dialect): string {
  const since = 'COALESCE(credentials.last_rotated_at, credentials.created_at)';
  return dialect === 'sqlite'
    ? `strftime('%Y-%m-%d %H:%M:%f', ${since}, '+' || credentials.rotate_every_days || ' days')`
    : `DATE_ADD(${since}, INTERVAL credentials.rotate_every_days DAY)`;
}

/** How credentials are found that want something; the first says the same as `needs_rotation` of an answer. */
export const CREDENTIAL_FILTERS: ListFilter[] = [
  flagFilter('needs_rotation', 'Demanded by an incident, expired, or due by rotate_every_days', dialect => ({
    sql:
      "COALESCE(credentials.rotation_demand, '') <> '' OR COALESCE(credentials.expires_at <= ?, 0) = 1 " +
      `OR COALESCE(${dueSql(dialect)} <= ?, 0) = 1`,
    values: [soon(0), soon(0)],
  })),
  flagFilter('rotation_demanded', 'An incident wants it rotated', () => ({
    sql: "COALESCE(credentials.rotation_demand, '') <> ''",
    values: [],
  })),
  flagFilter('has_totp', 'Gives one-time codes', () => ({
    sql: `credentials.secret_fields LIKE '%"totp_secret"%'`,
    values: [],
  })),
  flagFilter('openable', 'The caller may open its secrets; by an access token, one that it names', () => {
    const { sql, values } = openable(currentActor());
    return { sql: `COALESCE((${sql}), 0) = 1`, values };
  }),
  wholeFilter(
    'expires_within_days',
    'Expires within so many days, or has expired; with expires_at__gt only what still lies ahead',
    [0, 3650],
    days => ({ sql: 'credentials.expires_at <= ?', values: [soon(days)] }),
  ),
  {
    name: 'linked_to',
    description: 'Linked with a row, or naming it in a field of its own: `<resource>:<id>`',
    schema: {
      type: 'string',
      pattern: `^(${LINK_TARGETS.map(one => one.path).join('|')}):[0-9a-fA-F-]{36}$`,
      example: 'networks:01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11',
    },
    expected: `must be one of ${LINK_TARGETS.map(one => one.path).join(', ')}, a colon and an id`,
    clause: text => {
      const [name = '', id = '', ...more] = text.split(':');
      const target = linkTarget(name);
      return target && isUuid(id) && more.length === 0 ? linkedWithSeen(target, id.toLowerCase()) : undefined;
    },
  },
];
