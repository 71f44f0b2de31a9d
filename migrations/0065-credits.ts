import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dialectOfRunner, dropColumns, uniqueName, uuid } from '../src/core/database/ddl.js';

const added = () => [uuid('credits_id').optional()];
const INDEX = uniqueName('billable_time', ['credits_id']);

/** Entries of time that take back what was billed. */
export class Credits1763800000650 implements MigrationInterface {
  name = 'Credits1763800000650';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'billable_time', added());
    await runner.query(`CREATE UNIQUE INDEX ${INDEX} ON billable_time (credits_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const where = dialectOfRunner(runner) === 'sqlite' ? '' : ' ON billable_time';
    await runner.query(`DROP INDEX ${INDEX}${where}`);
    await dropColumns(runner, 'billable_time', added());
  }
}
