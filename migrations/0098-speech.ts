import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, choice, dropColumns } from '../src/core/database/ddl.js';

const COLUMNS = [choice('speech', ['statement', 'question', 'tool']).plain().optional()];

/**
 * Whether a turn says something, asks for it, or is a line of a tool. The entries that are there are made anew in the
 * background; a new installation, which has none, is noted to have the new version.
 */
export class Speech1763800000980 implements MigrationInterface {
  name = 'Speech1763800000980';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'recall_entries', COLUMNS);
    await runner.query(
      "UPDATE recall_terms SET documents = 2 WHERE term = ' version' AND NOT EXISTS (SELECT 1 FROM recall_entries)",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'recall_entries', COLUMNS);
    await runner.query("UPDATE recall_terms SET documents = 1 WHERE term = ' version'");
  }
}
