import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, customFields, day, decimal, dropTables, flag, json, long, moment, reference, resourceColumns, text, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const LABOUR_TYPES = ['remote', 'onsite', 'emergency', 'project', 'warranty', 'travel'];
const CATEGORIES = [
  'support', 'consulting', 'development', 'maintenance', 'troubleshooting', 'project_work', 'training', 'documentation',
]; // prettier-ignore

export class BillableTime1763800000310 implements MigrationInterface {
  name = 'BillableTime1763800000310';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'billable_time', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'RESTRICT'),
      reference('session_id', 'sessions', 'SET NULL').optional(),
      reference('work_item_id', 'work_items', 'SET NULL').optional(),
      reference('project_id', 'projects', 'SET NULL').optional(),
      reference('user_id', 'users', 'RESTRICT').optional(),
      day('work_date'),
      moment('started_at').optional(),
      moment('ended_at').optional(),
      whole('worked_minutes'),
      whole('billable_minutes'),
      choice('labour_type', LABOUR_TYPES),
      choice('category', CATEGORIES),
      decimal('multiplier', 4, 2).plain(),
      decimal('hourly_rate').optional(),
      choice('rate_source', ['entry', 'rule', 'emergency_rule', 'client', 'settings']).optional(),
      decimal('amount').optional(),
      text('currency', 3).indexed(),
      long('description').optional(),
      flag('is_billable'),
      choice('status', ['draft', 'submitted', 'approved', 'billed']),
      text('invoice_ref', 100).optional().indexed(),
      json('rounding').optional(),
      text('group_key', 64).optional().indexed(),
      customFields(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'billable_time');
  }
}
