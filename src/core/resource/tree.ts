import type { Units } from '../database/units.js';
import type { Clause } from '../table/clause.js';
import { backwards, type Graph, leadsTo, lockEdges, reachedFrom } from './graph.js';

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
