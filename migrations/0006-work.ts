import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, createTagTable, day, decimal, dropTables, json, long, reference, resourceColumns, text,
} from '../src/core/database/ddl.js'; // prettier-ignore

const CATEGORIES = [
  'client_project', 'internal_product', 'infrastructure', 'website', 'development_tool', 'documentation',
]; // prettier-ignore

/** Projects. */
export class Work1763800000060 implements MigrationInterface {
  name = 'Work1763800000060';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'projects', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'SET NULL').optional(),
      text('name').indexed(),
      text('slug', 100).unique(),
      choice('category', CATEGORIES),
      choice('status', ['working', 'planned', 'paused', 'complete', 'archived']),
      choice('priority', ['medium', 'critical', 'high', 'low']),
      long('description').optional(),
      text('repository_url', 500).optional(),
      text('repository_key', 500).optional().indexed(),
      text('local_path', 500).optional(),
      json('technologies').optional(),
      day('started_on').optional(),
      day('due_on').optional(),
      day('completed_on').optional(),
      decimal('estimated_hours', 8, 2).optional(),
      long('notes').optional(),
    ]);
    await createTagTable(runner, 'project');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'project_tags', 'projects');
  }
}
