import { Injectable } from '@nestjs/common';
import { lockRows } from '../../core/database/locks.js';
import { newId } from '../../core/database/new-id.js';
import { inParts, placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/database/values.js';
import { type Graph, leadsTo, lockEdges } from '../../core/resource/structure/graph.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { Rows } from '../../core/table/rows.js';
import { TaskDependency } from './task-dependency.entity.js';

const WAITS: Graph = { table: 'task_dependencies', from: 'task_id', to: 'depends_on_id' };

/** Which task waits for which; what may be changed is for the tasks to decide. */
@Injectable()
export class TaskDependenciesService {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
  ) {}

  /** Of one task, as a condition on tasks. */
  of(task_id: string): Clause {
    const sql = 'tasks.id IN (SELECT depends_on_id FROM task_dependencies WHERE task_id = ?)';
    return { sql, values: [task_id] };
  }

  /** Whether a task waits for another one, directly. */
  async has(task_id: string, depends_on_id: string): Promise<boolean> {
    return (await this.rows.findOne(TaskDependency, { task_id, depends_on_id })) !== undefined;
  }

  /** Whether a task is another one or waits for it, over any number of others. */
  waitsFor(task_id: string, other: string): Promise<boolean> {
    return leadsTo(this.units, WAITS, task_id, other);
  }

  add(task_id: string, depends_on_id: string): Promise<void> {
    return this.rows.insert(TaskDependency, { id: newId(), task_id, depends_on_id, created_at: now() });
  }

  /** Answers whether it was there. */
  async remove(task_id: string, depends_on_id: string): Promise<boolean> {
    return (await this.rows.remove(TaskDependency, { task_id, depends_on_id })) > 0;
  }

  /** Whether one of the tasks that it waits for, among those that are visible, is still to be done. */
  async isWaiting(task_id: string, visible: Clause[]): Promise<boolean> {
    const open = { sql: "tasks.status NOT IN ('completed', 'cancelled')", values: [] };
    const { sql, values } = allOf([this.of(task_id), open, ...visible]);
    return (
      (await this.units.sql.select(`SELECT tasks.id FROM tasks WHERE ${sql} LIMIT 1`, values)).length > 0
    );
  }

  /**
   * Whether a completed task, among those that are visible, waits for it, directly. Whoever completes such a task, or
   * lets one wait, at the same time comes before, or after the unit.
   */
  async isWaitedForByCompleted(depends_on_id: string, visible: Clause[]): Promise<boolean> {
    await lockEdges(this.units);
    const waiting = await this.rows.find(TaskDependency, { depends_on_id });
    const ids = waiting.map(one => one.task_id);
    await lockRows(this.units.sql, 'tasks', ids);
    for (const part of inParts(ids)) {
      const own = { sql: `tasks.id IN (${placeholders(part.length)})`, values: part };
      const { sql, values } = allOf([own, { sql: "tasks.status = 'completed'", values: [] }, ...visible]);
      if ((await this.units.sql.select(`SELECT tasks.id FROM tasks WHERE ${sql} LIMIT 1`, values)).length > 0)
        return true;
    }
    return false;
  }

  /** Whether it waits for a task of another client, or such a one for it. */
  async isTiedToOthers(task_id: string, client_id: string): Promise<boolean> {
    const other = (from: string, to: string) =>
      `SELECT tasks.id FROM tasks JOIN task_dependencies d ON d.${to} = tasks.id ` +
      `WHERE d.${from} = ? AND tasks.client_id <> ?`;
    const text = `${other('task_id', 'depends_on_id')} UNION ALL ${other('depends_on_id', 'task_id')} LIMIT 1`;
    const values = [task_id, client_id];
    return (await this.units.sql.select(text, [...values, ...values])).length > 0;
  }
}
