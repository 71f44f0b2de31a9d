import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice,
  createTable,
  decimal,
  dropTables,
  json,
  long,
  moment,
  resourceColumns,
  text,
} from '../src/core/database/ddl.js';

export class Clients1763800000030 implements MigrationInterface {
  name = 'Clients1763800000030';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'clients', [
      ...resourceColumns(),
      text('name').unique(),
      choice('type', ['msp_client', 'internal', 'project']),
      choice('status', ['active', 'prospect', 'paused', 'offboarding', 'archived']),
      text('domain_name').optional(),
      text('primary_contact').optional(),
      text('email', 254).optional(),
      text('phone', 50).optional(),
      long('website').optional(),
      long('address').optional(),
      text('timezone', 64).optional(),
      text('currency', 3).optional(),
      decimal('default_hourly_rate').optional(),
      json('external_refs').optional(),
      long('notes').optional(),
      moment('archived_at').optional(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'clients');
  }
}
