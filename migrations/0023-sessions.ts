import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, createTagTable, day, dropTables, flag, json, long, moment, reference, resourceColumns, text,
  whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const CATEGORIES = [
  'infrastructure', 'troubleshooting', 'configuration', 'development', 'maintenance', 'security', 'documentation',
]; // prettier-ignore

/** Sessions and their work items. */
export class Sessions1763800000230 implements MigrationInterface {
  name = 'Sessions1763800000230';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'sessions', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'SET NULL').optional(),
      reference('project_id', 'projects', 'SET NULL').optional(),
      reference('machine_id', 'machines', 'SET NULL').optional(),
      reference('user_id', 'users', 'SET NULL').optional(),
      text('title', 500),
      day('session_date'),
      moment('started_at').optional(),
      moment('ended_at').optional(),
      whole('duration_minutes').optional(),
      choice('status', ['in_progress', 'completed', 'blocked', 'pending']),
      long('summary').optional(),
      flag('is_billable'),
      text('technician').optional(),
      long('notes').optional(),
    ]);
    await createTagTable(runner, 'session');
    const workItems = [
      ...resourceColumns(),
      reference('session_id', 'sessions', 'CASCADE'),
      reference('client_id', 'clients', 'SET NULL').optional(),
      choice('category', CATEGORIES),
      text('title', 500),
      long('description'),
      choice('status', ['completed', 'in_progress', 'blocked', 'pending', 'deferred']),
      choice('priority', ['critical', 'high', 'medium', 'low']).optional(),
      flag('is_billable'),
      whole('estimated_minutes').optional(),
      whole('actual_minutes').optional(),
      json('affected_systems').optional(),
      json('technologies_used').optional(),
      whole('item_order'),
      moment('completed_at').optional(),
    ];
    await createTable(runner, 'work_items', workItems, { index: [['session_id', 'item_order']] });
    await createTagTable(runner, 'work_item');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'work_item_tags', 'work_items', 'session_tags', 'sessions');
  }
}
