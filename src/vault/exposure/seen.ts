/** What hands out a secret: read, revealed, or answered again to a repeated request. */
const SEEING = "('credential.decrypt', 'credential.reveal', 'credential.replay')";

/**
 * Of the table `journal` the entries by which a person has seen the secrets of `credentials` as they are, or as they
 * were: no one-time codes, which end by themselves, and no older version, which was history already.
 */
export const SAW =
  // Without the plus SQLite would look at all entries of an outcome or action: it knows no numbers of its indexes.
  `+journal.resource_type = 'credential' AND +journal.action IN ${SEEING} AND +journal.outcome = 'ok' ` +
  "AND journal.actor_type IN ('user', 'token') AND JSON_EXTRACT(journal.details, '$.otp') IS NULL " +
  "AND (JSON_EXTRACT(journal.details, '$.version') IS NULL " +
  "OR JSON_EXTRACT(journal.details, '$.version') = credentials.secret_version)";

/** The entries by which somebody without a login has opened secrets, by a link. */
export const REDEEMED =
  "+journal.resource_type = 'credential' AND +journal.action = 'credential.reveal' AND +journal.outcome = 'ok' " +
  "AND journal.actor_type = 'anonymous'";

/** Since when a credential has the secrets that it has. */
export const SINCE = 'COALESCE(credentials.last_rotated_at, credentials.created_at)';

/** A row of `credential_secrets`, under an alias, that is the present value of its field. */
export const present = (alias: string): string =>
  `${alias}.version = (SELECT MAX(newest.version) FROM credential_secrets newest ` +
  `WHERE newest.credential_id = ${alias}.credential_id AND newest.field = ${alias}.field)`;

/** A row of `credential_secrets written` whose field has a value, or had one until its client was off-boarded. */
export const WAS_SET = `credentials.secret_fields LIKE CONCAT('%"', written.field, '"%')`;

/** Somebody, by the column of an id, who has left: disabled, or deleted. */
export const hasLeft = (column: string): string =>
  `NOT EXISTS (SELECT 1 FROM users staying WHERE staying.id = ${column} AND staying.is_active = 1)`;
