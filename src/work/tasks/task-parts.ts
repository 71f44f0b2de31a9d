import { lockRow } from '../../core/database/locks.js';
import type { ResourceKit } from '../../core/resource/kit.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { Task } from './task.entity.js';

/** Whether one of the tasks right below a task, among those that are visible, is still to be done. */
export async function hasOpenPart({ units }: ResourceKit, id: string, visible: Clause[]): Promise<boolean> {
  const { sql, values } = allOf([
    { sql: 'tasks.parent_task_id = ?', values: [id] },
    { sql: "tasks.status NOT IN ('completed', 'cancelled')", values: [] },
    ...visible,
  ]);
  return (await units.sql.select(`SELECT tasks.id FROM tasks WHERE ${sql} LIMIT 1`, values)).length > 0;
}

/** Whether a task is completed; it stays as it is until the unit ends. */
export async function isCompleted({ units, rows }: ResourceKit, id: string): Promise<boolean> {
  await lockRow(units.sql, 'tasks', id);
  return (await rows.findOne(Task, { id }))?.status === 'completed';
}
