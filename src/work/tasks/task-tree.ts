import type { SqlValue } from '../../core/database/sql.js';
import { behindPlace, type OrderKey } from '../../core/resource/lists/keyset.js';
import { branch } from '../../core/resource/structure/tree.js';
import { allOf, type Clause } from '../../core/table/clause.js';

const ORDER: readonly OrderKey[] = [
  ['branch.depth', 'whole'],
  ['tasks.task_order', 'whole'],
  ['tasks.id', 'uuid'],
];

/** Ids and depths of a task and all below it that is visible, level by level, behind the place of a cursor. */
export function treeStatement(
  id: string,
  visible: Clause[],
  cursor: string | string[] | undefined,
  limit: number,
): { text: string; values: SqlValue[] } {
  const { sql, values } = allOf([...visible, ...behindPlace(ORDER, cursor)]);
  const text =
    `${branch({ table: 'tasks', parent: 'parent_task_id' }, '?')} SELECT tasks.id, branch.depth, tasks.task_order ` +
    `FROM branch JOIN tasks ON tasks.id = branch.id WHERE ${sql} ` +
    `ORDER BY ${ORDER.map(([column]) => column).join(', ')} LIMIT ${limit}`;
  return { text, values: [id, ...values] };
}
