import type { Dialect } from '../../core/database/sql.js';
import { DAY_MS, encodeMoment, momentIn } from '../../core/database/values.js';
import type { Clause } from '../../core/table/clause.js';
import { dueSql } from '../credentials/credential-filters.js';
import { hasLeft, present, SAW, SINCE } from '../exposure/seen.js';
import type { HealthReason } from './health.answers.js';

/** zxcvbn: up to 2 falls to somebody who has the hash or guesses unthrottled; 3 and 4 do not. */
const WEAK = 2;
/** Days after which a secret is old where the credential has no `rotate_every_days`. */
const OLD_DAYS = 365;
/** Days after which a secret that was never rotated is told. */
const FIRST_DAYS = 90;

const before = (days: number) => encodeMoment(momentIn(-days * DAY_MS));

/**
 * Each reason as a condition on the table `credentials`.
 *
 * @param open the credentials that the caller may reveal: of others' secrets nobody learns whether they are the same
 */
export function reasonClauses(dialect: Dialect, open: Clause): Record<HealthReason, Clause> {
  const time = encodeMoment(momentIn(0));
  return {
    expired: { sql: 'credentials.expires_at <= ?', values: [time] },
    seen_by_leaver: {
      sql:
        `EXISTS (SELECT 1 FROM journal WHERE journal.resource_id = credentials.id AND journal.at >= ${SINCE} ` +
        `AND ${SAW} AND ${hasLeft('journal.actor_id')}) OR EXISTS (SELECT 1 FROM credential_secrets written ` +
        `WHERE written.credential_id = credentials.id AND ${present('written')} AND written.sealed IS NOT NULL ` +
        `AND written.author_id IS NOT NULL AND ${hasLeft('written.author_id')})`,
      values: [],
    },
    // Which secrets there are twice is found once, not for each credential: a thousand may have the same.
    reused: {
      sql:
        'credentials.id IN (SELECT own.credential_id FROM credential_secrets own WHERE ' +
        `${present('own')} AND own.fingerprint IN (SELECT same.fingerprint FROM credential_secrets same ` +
        `WHERE same.fingerprint IS NOT NULL AND ${present('same')} AND same.credential_id IN ` +
        `(SELECT credentials.id FROM credentials WHERE ${open.sql}) ` +
        'GROUP BY same.fingerprint HAVING COUNT(DISTINCT same.credential_id) > 1))',
      values: open.values,
    },
    weak: { sql: `credentials.strength <= ${WEAK}`, values: [] },
    old: {
      sql:
        `(credentials.rotate_every_days IS NULL AND ${SINCE} <= ?) OR ` +
        `COALESCE(${dueSql(dialect)} <= ?, 0) = 1`,
      values: [before(OLD_DAYS), time],
    },
    never_rotated: {
      sql: 'credentials.secret_version <= 1 AND credentials.created_at <= ?',
      values: [before(FIRST_DAYS)],
    },
  };
}
