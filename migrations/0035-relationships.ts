import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice,
  createTable,
  dropTables,
  long,
  reference,
  resourceColumns,
} from '../src/core/database/ddl.js';

const TYPES = ['depends_on', 'hosted_on', 'proxied_by', 'authenticates_via', 'backend_for', 'monitors'];

/** How services depend on each other. */
export class Relationships1763800000350 implements MigrationInterface {
  name = 'Relationships1763800000350';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'service_relationships',
      [
        ...resourceColumns(),
        reference('client_id', 'clients', 'SET NULL').optional(),
        reference('from_service_id', 'services', 'CASCADE'),
        reference('to_service_id', 'services', 'CASCADE'),
        choice('relationship_type', TYPES),
        long('notes').optional(),
      ],
      { unique: [['from_service_id', 'to_service_id', 'relationship_type']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'service_relationships');
  }
}
