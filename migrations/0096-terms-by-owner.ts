import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, text, whole } from '../src/core/database/ddl.js';

/**
 * How common terms are among the rows of each client and of each user, so that nobody's scores tell of rows that they do
 * not see. What was counted before is counted anew, in the background.
 */
export class TermsByOwner1763800000960 implements MigrationInterface {
  name = 'TermsByOwner1763800000960';

  async up(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'recall_terms');
    await createTable(runner, 'recall_terms', [text('term', 64), text('holder', 36), whole('documents').plain()], {
      primary: ['term', 'holder'],
    }); // prettier-ignore
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'recall_terms');
    await createTable(runner, 'recall_terms', [text('term', 64).primary(), whole('documents').plain()]);
  }
}
