import { ConflictError } from '../../context/errors.js';
import { placeholders } from '../../database/sql.js';
import type { Units } from '../../database/units.js';
import type { Clause } from '../../table/clause.js';
import { backwards, type Graph, leadsTo, lockEdges, MOST_REACHED, reachedFrom } from './graph.js';

/** A table whose rows name their parent in a column. */
export interface Tree {
  table: string;
  parent: string;
}

const upwards = ({ table, parent }: Tree): Graph => ({ table, from: 'id', to: parent });

/**
 * Whether `id` is `from` or stands above it; asked before a row is moved. Locks all moves, so that of two that together
 * would make a circle the second sees the first.
 */
export async function isAtOrAbove(units: Units, tree: Tree, id: string, from: string): Promise<boolean> {
  await lockEdges(units);
  return leadsTo(units, upwards(tree), from, id);
}

/** All rows below one, at any depth; a circle ends it too. */
export function below(tree: Tree, id: string): Clause {
  return reachedFrom(backwards(upwards(tree)), id, tree.table);
}

/**
 * A table expression `branch (id, depth)`: one row (0) or several, and all that is below, `parameters` being `?` for
 * each. A row that is below two of them is there twice; a circle ends at the depth of all rows that may be connected.
 */
export function branch({ table, parent }: Tree, parameters: string, limit = ''): string {
  return (
    `WITH RECURSIVE branch (id, depth) AS (SELECT id, 0 FROM ${table} WHERE id IN (${parameters}) ` +
    `UNION ALL SELECT child.id, branch.depth + 1 FROM ${table} child JOIN branch ON child.${parent} = branch.id ` +
    `WHERE branch.depth < ${MOST_REACHED}${limit})`
  );
}

/**
 * The ids of rows and of all that is below them, the deepest first. One query.
 *
 * @throws ConflictError when there are more than can be worked on at once
 */
export async function withBranches({ sql }: Units, tree: Tree, ids: string[]): Promise<string[]> {
  const limit = sql.dialect === 'sqlite' ? ` LIMIT ${MOST_REACHED + ids.length + 1}` : '';
  const text = `${branch(tree, placeholders(ids.length), limit)} SELECT id, MAX(depth) AS depth FROM branch GROUP BY id ORDER BY depth DESC`;
  const found = await sql.select<{ id: string }>(text, ids);
  if (found.length > MOST_REACHED + ids.length)
    throw new ConflictError(`More than ${MOST_REACHED} rows are below it; delete those first`);
  return found.map(row => row.id);
}
