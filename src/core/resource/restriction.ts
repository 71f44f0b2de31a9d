import type { Actor } from '../context/actor.js';
import { placeholders } from '../database/sql.js';
import { clientColumn, type ResourceSpec } from './resource.js';
import type { Clause } from '../table/clause.js';

const NOTHING: Clause = { sql: '1 = 0', values: [] };

/**
 * Which rows the actor's `client_access` allows, as a condition inside the query; undefined when all.
 * `only`: rows of the named clients, and one's own without a client. `except`: all others, and those without.
 */
export function clientRestriction(spec: ResourceSpec, actor: Actor): Clause | undefined {
  const column = clientColumn(spec);
  if (column === undefined || actor.client_access === 'all') return undefined;
  const ids = [...actor.client_ids];
  const name = `${spec.table}.${column}`;
  if (actor.client_access === 'except') {
    if (ids.length === 0) return undefined;
    return { sql: `(${name} NOT IN (${placeholders(ids.length)}) OR ${name} IS NULL)`, values: ids };
  }
  const listed = ids.length > 0 ? { sql: `${name} IN (${placeholders(ids.length)})`, values: ids } : NOTHING;
  if (!spec.owner) return listed;
  return {
    sql: `(${listed.sql} OR (${name} IS NULL AND ${spec.table}.${spec.owner} = ?))`,
    values: [...listed.values, actor.id],
  };
}
