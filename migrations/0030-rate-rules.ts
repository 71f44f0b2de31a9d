import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, customFields, day, decimal, dropTables, long, reference, resourceColumns, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const LABOUR_TYPES = ['remote', 'onsite', 'emergency', 'project', 'warranty', 'travel'];

export class RateRules1763800000300 implements MigrationInterface {
  name = 'RateRules1763800000300';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'rate_rules', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'CASCADE').optional(),
      choice('labour_type', LABOUR_TYPES).optional(),
      decimal('hourly_rate').optional(),
      whole('increment_minutes').plain(),
      whole('minimum_minutes').plain(),
      choice('rounding', ['none', 'up', 'nearest']).plain(),
      choice('scope', ['entry', 'work_item', 'day']).plain(),
      day('valid_from').optional(),
      day('valid_to').optional(),
      long('notes').optional(),
      customFields(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'rate_rules');
  }
}
