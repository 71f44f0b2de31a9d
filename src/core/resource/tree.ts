import { forUpdate } from '../database/locks.js';
import type { Units } from '../database/units.js';
import type { Clause } from '../table/clause.js';

/** A table whose rows name their parent in a column. */
export interface Tree {
  table: string;
  parent: string;
}

/**
 * Whether `id` is `from` or stands above it. Locks the path, so that of two moves that together would make a
 * circle the second sees the first (SQLite has one writer anyway).
 */
export async function isAtOrAbove(units: Units, tree: Tree, id: string, from: string): Promise<boolean> {
  const text = `SELECT ${tree.parent} AS parent FROM ${tree.table} WHERE id = ?${forUpdate(units.sql.dialect)}`;
  const seen = new Set<string>();
  for (let at: string | null | undefined = from; at && !seen.has(at);) {
    if (at === id) return true;
    seen.add(at);
    at = (await units.sql.select<{ parent: string | null }>(text, [at]))[0]?.parent;
  }
  return false;
}

/** All rows below one, at any depth; a circle ends it too. */
export function below({ table, parent }: Tree, id: string): Clause {
  return {
    sql:
      `${table}.id IN (WITH RECURSIVE branch (id) AS (SELECT id FROM ${table} WHERE ${parent} = ? ` +
      `UNION SELECT child.id FROM ${table} child JOIN branch ON child.${parent} = branch.id) SELECT id FROM branch)`,
    values: [id],
  };
}
