import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, customFields, day, dropTables, long, moment, reference, resourceColumns, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const STATUSES = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'];
const PRIORITIES = ['medium', 'critical', 'high', 'low'];

/** Tasks, what they wait for, and promises that become tasks. */
export class Tasks1763800000240 implements MigrationInterface {
  name = 'Tasks1763800000240';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'tasks', [
      ...resourceColumns(),
      reference('parent_task_id', 'tasks', 'CASCADE').optional(),
      reference('client_id', 'clients', 'SET NULL').optional(),
      reference('project_id', 'projects', 'SET NULL').optional(),
      reference('session_id', 'sessions', 'SET NULL').optional(),
      text('title', 500),
      long('description').optional(),
      choice('status', STATUSES),
      choice('priority', PRIORITIES),
      reference('assigned_to', 'users', 'SET NULL').optional(),
      text('owner_agent').optional().indexed(),
      long('blocking_reason').optional(),
      choice('complexity', ['moderate', 'simple', 'complex']),
      whole('estimated_minutes').optional(),
      moment('due_at').optional(),
      moment('started_at').optional(),
      moment('completed_at').optional(),
      whole('task_order'),
      customFields(),
    ]);
    const dependencies = [
      uuid('id').primary(),
      reference('task_id', 'tasks', 'CASCADE').plain(),
      reference('depends_on_id', 'tasks', 'CASCADE'),
      moment('created_at').plain(),
    ];
    await createTable(runner, 'task_dependencies', dependencies, { unique: [['task_id', 'depends_on_id']] });
    await createTable(runner, 'pending_tasks', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'SET NULL').optional(),
      reference('project_id', 'projects', 'SET NULL').optional(),
      reference('work_item_id', 'work_items', 'SET NULL').optional(),
      reference('task_id', 'tasks', 'SET NULL').optional(),
      text('title', 500),
      long('description').optional(),
      choice('priority', PRIORITIES),
      long('blocked_by').optional(),
      reference('assigned_to', 'users', 'SET NULL').optional(),
      day('due_on').optional(),
      choice('status', STATUSES),
      moment('completed_at').optional(),
      customFields(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'pending_tasks', 'task_dependencies', 'tasks');
  }
}
