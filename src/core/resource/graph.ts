import { ConflictError } from '../context/errors.js';
import { forUpdate } from '../database/locks.js';
import type { Units } from '../database/units.js';
import type { Clause } from '../table/clause.js';

/** Directed edges: each row of a table leads from the id in one column to the id in another, or nowhere (null). */
export interface Graph {
  table: string;
  from: string;
  to: string;
}

/** So many rows that are connected are looked through for a circle. */
const MOST_REACHED = 20_000;

/** The same edges, followed backwards. */
export function backwards({ table, from, to }: Graph): Graph {
  return { table, from: to, to: from };
}

/** A table expression `reached (id)`: all rows that the edges lead to from one row, that row itself if they lead back. */
function reached({ table, from, to }: Graph, limit = ''): string {
  return (
    `WITH RECURSIVE reached (id) AS (SELECT ${to} FROM ${table} WHERE ${from} = ? AND ${to} IS NOT NULL ` +
    `UNION SELECT edge.${to} FROM ${table} edge JOIN reached ON edge.${from} = reached.id ` +
    `WHERE edge.${to} IS NOT NULL${limit})`
  );
}

/** All rows of `table` that the edges lead to from one row, over any number of steps; circles end it too. */
export function reachedFrom(graph: Graph, id: string, table: string): Clause {
  return { sql: `${table}.id IN (${reached(graph)} SELECT id FROM reached)`, values: [id], isScan: true };
}

/**
 * Nobody else changes an edge of any graph until the unit ends: of two edges that would close a circle together, the
 * second one sees the first. Asked for before `leadsTo`, by whoever draws an edge between rows that were there.
 */
export async function lockEdges({ sql }: Units): Promise<void> {
  await sql.select(`SELECT value FROM facts WHERE name = 'install_id'${forUpdate(sql.dialect)}`);
}

/**
 * Whether the edges lead from one row to another, over any number of steps; from a row to itself they do. One query.
 *
 * @throws ConflictError when so many rows are connected that it cannot be said in time
 */
export async function leadsTo(units: Units, graph: Graph, from: string, to: string): Promise<boolean> {
  if (from === to) return true;
  // MariaDB, which is a process of its own, knows no limit here.
  const limit = units.sql.dialect === 'sqlite' ? ` LIMIT ${MOST_REACHED + 1}` : '';
  const text = `${reached(graph, limit)} SELECT COUNT(*) AS total, MAX(id = ?) AS found FROM reached`;
  const [row] = await units.sql.select<{ total: number; found: number | null }>(text, [from, to]);
  if (Number(row?.found ?? 0) === 1) return true;
  if (Number(row?.total ?? 0) <= MOST_REACHED) return false;
  throw new ConflictError(`More than ${MOST_REACHED} rows are connected here`);
}
