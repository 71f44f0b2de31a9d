import { type Actor, isAdmin, type TokenPowers } from '../../core/context/actor.js';
import { placeholders } from '../../core/database/sql.js';
import { encodeMoment, now } from '../../core/database/values.js';
import type { Clause } from '../../core/table/clause.js';

/**
 * Of the table `credentials` those whose secrets the actor may open, whatever their policy asks for: what `rightOf`
 * says, without break-glass. Beside it stands the restriction of `client_access`. An access token opens what it names
 * alone.
 */
export function openable(actor: Actor): Clause {
  const { sql, values } = entitled(actor);
  const named = namedByToken(actor, () => true);
  return { sql: `${sql}${named.sql}`, values: [...values, ...named.values] };
}

/**
 * Of those the ones that the actor may reveal just so: neither the credential nor its client asks for more, and an
 * access token may reveal. For what tells of secrets and is cut to a length, or counted, before the rows are read.
 */
export function revealable(actor: Actor): Clause {
  const { sql, values } = entitled(actor);
  const named = namedByToken(actor, ({ actions }) => actions.has('reveal'));
  return {
    sql:
      "credentials.reveal_policy = 'open' AND NOT EXISTS (SELECT 1 FROM clients asking " +
      `WHERE asking.id = credentials.client_id AND asking.reveal_policy <> 'open') AND ${sql}${named.sql}`,
    values: [...values, ...named.values],
  };
}

function entitled(actor: Actor): Clause {
  const time = encodeMoment(now());
  const granted = (column: 'credential_id' | 'client_id') =>
    `SELECT p.${column} FROM credential_permissions p WHERE p.user_id = ? AND p.${column} IS NOT NULL ` +
    "AND p.level <> 'view' AND (p.expires_at IS NULL OR p.expires_at > ?)";
  const administered = isAdmin(actor)
    ? " OR credentials.client_id IS NOT NULL OR credentials.visibility <> 'private'"
    : '';
  return {
    sql:
      `(credentials.owner_id = ?${administered} OR credentials.id IN (${granted('credential_id')}) ` +
      `OR credentials.client_id IN (${granted('client_id')}))`,
    values: [actor.id, actor.id, time, actor.id, time],
  };
}

function namedByToken({ token }: Actor, may: (token: TokenPowers) => boolean): Clause {
  if (!token) return { sql: '', values: [] };
  const ids = may(token) ? [...token.credential_ids] : [];
  return { sql: ` AND credentials.id IN (${placeholders(ids.length) || 'NULL'})`, values: ids };
}
