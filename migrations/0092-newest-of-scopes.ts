import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndex, dialectOfRunner, indexName } from '../src/core/database/ddl.js';

const INDEXES = [
  ['project_id', 'n'],
  ['client_id', 'n'],
];

/** The newest entries of a project and of a client, in their order. */
export class NewestOfScopes1763800000920 implements MigrationInterface {
  name = 'NewestOfScopes1763800000920';

  async up(runner: QueryRunner): Promise<void> {
    for (const names of INDEXES) await createIndex(runner, 'recall_entries', names);
  }

  async down(runner: QueryRunner): Promise<void> {
    const where = dialectOfRunner(runner) === 'sqlite' ? '' : ' ON recall_entries';
    for (const names of INDEXES)
      await runner.query(`DROP INDEX ${indexName('recall_entries', names)}${where}`);
  }
}
