import type { Actor } from '../../core/context/actor.js';
import { encodeMoment, now } from '../../core/database/values.js';
import type { Clause } from '../../core/table/clause.js';

/** A condition on `credential_permissions m`: grants that let the actor manage, now. */
const MANAGED = "m.user_id = ? AND m.level = 'manage' AND (m.expires_at IS NULL OR m.expires_at > ?)";

/** A SELECT of the ids of the credentials that the actor owns, or manages by a grant on them or on their client. */
export function managedBy({ id }: Actor): Clause {
  const time = encodeMoment(now());
  return {
    sql:
      'SELECT o.id FROM credentials o WHERE o.owner_id = ? ' +
      `UNION SELECT m.credential_id FROM credential_permissions m WHERE m.credential_id IS NOT NULL AND ${MANAGED} ` +
      `UNION SELECT c.id FROM credential_permissions m JOIN credentials c ON c.client_id = m.client_id WHERE ${MANAGED}`,
    values: [id, id, time, id, time],
  };
}

/** A SELECT of the ids of the clients that the actor manages by a grant. */
export function clientsManagedBy({ id }: Actor): Clause {
  return {
    sql: `SELECT m.client_id FROM credential_permissions m WHERE m.client_id IS NOT NULL AND ${MANAGED}`,
    values: [id, encodeMoment(now())],
  };
}
