import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  createIndex,
  dialectOfRunner,
  dropColumns,
  indexName,
  moment,
  uuid,
} from '../src/core/database/ddl.js';

const COLUMNS = [
  moment('since').plain().optional(),
  moment('superseded_at').plain().optional(),
  uuid('supersedes').optional(),
  uuid('superseded_by').optional(),
];
const INDEXES = [['session_key', 'sequence'], ['supersedes']];

/** What recall knows of which row took the place of which, and when; what was said around something is found by its place. */
export class OrderOfTruth1763800000910 implements MigrationInterface {
  name = 'OrderOfTruth1763800000910';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'recall_entries', COLUMNS);
    for (const names of INDEXES) await createIndex(runner, 'recall_entries', names);
  }

  async down(runner: QueryRunner): Promise<void> {
    const where = dialectOfRunner(runner) === 'sqlite' ? '' : ' ON recall_entries';
    for (const names of INDEXES)
      await runner.query(`DROP INDEX ${indexName('recall_entries', names)}${where}`);
    await dropColumns(runner, 'recall_entries', COLUMNS);
  }
}
