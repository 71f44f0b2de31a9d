import type { Actor } from '../../core/context/actor.js';
import { resourceOf } from '../../core/resource/resource.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import type { Clause } from '../../core/table/clause.js';
import { Client } from '../../directory/clients/client.entity.js';
import { clientsManagedBy, managedBy } from '../credentials/managed.js';

/**
 * Of a table whose rows are each about one credential or one client, those about what the actor sees.
 *
 * @param visible the conditions on credentials
 */
export function aboutSeen(table: string, actor: Actor, visible: Clause[]): Clause {
  const clients = clientRestriction(resourceOf(Client), actor);
  const credentialSide = visible.map(one => one.sql).join(' AND ') || '1 = 1';
  const clientSide = clients
    ? `${table}.client_id IN (SELECT clients.id FROM clients WHERE ${clients.sql})`
    : `${table}.client_id IS NOT NULL`;
  return {
    sql: `(${clientSide} OR ${table}.credential_id IN (SELECT credentials.id FROM credentials WHERE ${credentialSide}))`,
    values: [...(clients?.values ?? []), ...visible.flatMap(one => one.values)],
  };
}

/** Those that are the actor's own by a column, and those about what the actor manages by ownership or a grant. */
export function ownOrManaged(table: string, column: string, actor: Actor): Clause {
  const [clients, credentials] = [clientsManagedBy(actor), managedBy(actor)];
  return {
    sql: `(${table}.${column} = ? OR ${table}.client_id IN (${clients.sql}) OR ${table}.credential_id IN (${credentials.sql}))`,
    values: [actor.id, ...clients.values, ...credentials.values],
  };
}
