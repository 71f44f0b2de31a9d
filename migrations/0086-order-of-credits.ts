import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndex, dialectOfRunner, indexName } from '../src/core/database/ddl.js';

const COLUMNS = ['credits_id', 'id'];

/** Time in the order of what it takes back. */
export class OrderOfCredits1763800000860 implements MigrationInterface {
  name = 'OrderOfCredits1763800000860';

  async up(runner: QueryRunner): Promise<void> {
    await createIndex(runner, 'billable_time', COLUMNS);
  }

  async down(runner: QueryRunner): Promise<void> {
    const where = dialectOfRunner(runner) === 'sqlite' ? '' : ' ON billable_time';
    await runner.query(`DROP INDEX ${indexName('billable_time', COLUMNS)}${where}`);
  }
}
