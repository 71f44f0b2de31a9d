import type { Actor } from '../context/actor.js';
import { AuthorizationError } from '../context/errors.js';
import { placeholders } from '../database/sql.js';
import { allResources, clientColumn, type ResourceSpec, viaField } from './resource.js';
import type { AnyResourceService } from './resource-registry.js';
import { allOf, type Clause } from '../table/clause.js';

/** No row. */
const NOTHING: Clause = { sql: '1 = 0', values: [] };

/**
 * Which rows the actor's `client_access` allows, as a condition inside the query; undefined when all.
 * `only`: rows of the named clients, and one's own without a client, with what follows them. `except`: all others, and
 * those without. Of what belongs to no client by its kind, `only` has one's own.
 */
export function clientRestriction(spec: ResourceSpec, actor: Actor): Clause | undefined {
  const column = clientColumn(spec);
  if (isOfTheHouse(spec, actor)) return ownRows(spec, actor.id) ?? NOTHING;
  if (column === undefined || actor.client_access === 'all') return undefined;
  const ids = [...actor.client_ids];
  const name = `${spec.table}.${column}`;
  if (actor.client_access === 'except') {
    if (ids.length === 0) return undefined;
    return { sql: `(${name} NOT IN (${placeholders(ids.length)}) OR ${name} IS NULL)`, values: ids };
  }
  const listed = ids.length > 0 ? { sql: `${name} IN (${placeholders(ids.length)})`, values: ids } : NOTHING;
  const own = ownRows(spec, actor.id);
  if (!own) return listed;
  return {
    sql: `(${listed.sql} OR (${name} IS NULL AND ${own.sql}))`,
    values: [...listed.values, ...own.values],
  };
}

/** 403 where the actor would see nothing of what he wrote. */
export function requireSight(spec: ResourceSpec, actor: Actor): void {
  if (isOfTheHouse(spec, actor) && !spec.owner)
    throw new AuthorizationError(
      'What belongs to no client is written by those who see more than some clients',
    );
}

function isOfTheHouse({ client }: ResourceSpec, { client_access }: Actor): boolean {
  return client === 'none' && client_access === 'only';
}

/** Rows whose `column` names a row that the actor sees, of another resource; no condition where that is every row. */
export function whereSeen(column: string, service: Pick<AnyResourceService, 'spec' | 'visible'>): Clause[] {
  const { table } = service.spec;
  const clauses = service.visible();
  if (clauses.length === 0) return [];
  const { sql, values } = allOf(clauses);
  return [{ sql: `${column} IN (SELECT ${table}.id FROM ${table} WHERE ${sql})`, values }];
}

/** Rows of a client that the actor does not see; undefined when there are none. Rows without a client are not among them. */
export function hiddenByClient(spec: ResourceSpec, actor: Actor): Clause | undefined {
  const column = clientColumn(spec);
  if (column === undefined || actor.client_access === 'all') return undefined;
  const ids = [...actor.client_ids];
  const name = `${spec.table}.${column}`;
  if (ids.length > 0)
    return {
      sql: `${name} ${actor.client_access === 'only' ? 'NOT IN' : 'IN'} (${placeholders(ids.length)})`,
      values: ids,
    };
  return actor.client_access === 'only' ? { sql: `${name} IS NOT NULL`, values: [] } : undefined;
}

/** Rows that a user owns, or whose client is that of such a row; undefined where nobody owns any. */
function ownRows(spec: ResourceSpec, user_id: string): Clause | undefined {
  const { table, owner } = spec;
  if (owner) return { sql: `${table}.${owner} = ?`, values: [user_id] };
  const field = viaField(spec);
  const target = field === undefined ? undefined : spec.byName.get(field)?.reference?.target();
  const parent = allResources().find(one => one.type === target);
  const own = parent && ownRows(parent, user_id);
  return (
    own && {
      sql: `${table}.${field} IN (SELECT ${parent.table}.id FROM ${parent.table} WHERE ${own.sql})`,
      values: own.values,
    }
  );
}
