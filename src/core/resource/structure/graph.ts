import { ConflictError } from '../../context/errors.js';
import { lockInstallation } from '../../database/locks.js';
import type { Units } from '../../database/units.js';
import type { Clause } from '../../table/clause.js';

/** Directed edges: each row of a table leads from the id in one column to the id in another, or nowhere (null). */
export interface Graph {
  table: string;
  from: string;
  to: string;
  /** Only rows that fulfil this, a condition on `edge`: `edge.kind = 'part_of'`. */
  only?: string;
}

/** Edges of one table, or of several, or of one that is read both ways. */
export type Edges = Graph | readonly Graph[];

/** So many rows that are connected are looked through for a circle. */
export const MOST_REACHED = 20_000;

/** The same edges, followed backwards. */
export function backwards({ from, to, ...graph }: Graph): Graph {
  return { ...graph, from: to, to: from };
}

/**
 * A table expression `reached (id)`: all rows that the edges lead to from one row, that row itself if they lead back.
 *
 * @param without the id of an edge that is left out
 */
export function reached(edges: Edges, start: string, { without = '', limit = '' } = {}): Clause {
  const parts = [edges].flat().map(({ table, from, to, only }) => {
    const such = [`edge.${to} IS NOT NULL`, only ?? [], without ? 'edge.id <> ?' : []].flat().join(' AND ');
    return {
      first: `SELECT edge.${to} FROM ${table} edge WHERE edge.${from} = ? AND ${such}`,
      further: `SELECT edge.${to} FROM ${table} edge JOIN reached ON edge.${from} = reached.id WHERE ${such}`,
    };
  });
  const selects = [...parts.map(one => one.first), ...parts.map(one => one.further)];
  const left = without ? [without] : [];
  return {
    sql: `WITH RECURSIVE reached (id) AS (${selects.join(' UNION ')}${limit})`,
    values: [...parts.flatMap(() => [start, ...left]), ...parts.flatMap(() => left)],
  };
}

/** All rows of `table` that the edges lead to from one row, over any number of steps; circles end it too. */
export function reachedFrom(edges: Edges, id: string, table: string): Clause {
  const { sql, values } = reached(edges, id);
  return { sql: `${table}.id IN (${sql} SELECT id FROM reached)`, values, isScan: true };
}

/**
 * Nobody else changes an edge of any graph until the unit ends: of two edges that would close a circle together, the
 * second one sees the first. Asked for before `leadsTo`, by whoever draws an edge between rows that were there.
 */
export function lockEdges({ sql }: Units): Promise<void> {
  return lockInstallation(sql);
}

/**
 * Whether the edges lead from one row to another, over any number of steps; from a row to itself they do. One query.
 *
 * @param without the id of an edge that is about to get other ends
 * @throws ConflictError when so many rows are connected that it cannot be said in time
 */
export async function leadsTo(
  units: Units,
  edges: Edges,
  from: string,
  to: string,
  without?: string,
): Promise<boolean> {
  if (from === to) return true;
  // MariaDB, which is a process of its own, knows no limit here.
  const limit = units.sql.dialect === 'sqlite' ? ` LIMIT ${MOST_REACHED + 1}` : '';
  const { sql, values } = reached(edges, from, { without, limit });
  const text = `${sql} SELECT COUNT(*) AS total, MAX(id = ?) AS found FROM reached`;
  const [row] = await units.sql.select<{ total: number; found: number | null }>(text, [...values, to]);
  if (Number(row?.found ?? 0) === 1) return true;
  if (Number(row?.total ?? 0) <= MOST_REACHED) return false;
  throw new ConflictError(`More than ${MOST_REACHED} rows are connected here`);
}
