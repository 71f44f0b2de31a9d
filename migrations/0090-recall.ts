import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  big,
  createTable,
  dialectOfRunner,
  dropTables,
  flag,
  moment,
  text,
  uuid,
  whole,
} from '../src/core/database/ddl.js';

/** What recall finds rows of the memory by: an entry for each, its terms in a full-text table, and how common terms are. */
export class Recall1763800000900 implements MigrationInterface {
  name = 'Recall1763800000900';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'recall_entries', [
      big('n').numbered(),
      uuid('row_id').unique(),
      text('kind', 60),
      uuid('client_id').optional(),
      uuid('project_id').optional(),
      uuid('user_id').optional(),
      moment('at').plain(),
      text('session_key').optional(),
      whole('sequence').plain().optional(),
      whole('length').plain(),
      whole('importance').plain(),
      flag('superseded').plain(),
      moment('expires_at').plain().optional(),
    ]);
    await createTable(runner, 'recall_terms', [text('term', 64).primary(), whole('documents').plain()]);
    // No entity: neither database's full-text index is known to TypeORM. The terms are ASCII (memory/text/token-spelling).
    await runner.query(
      dialectOfRunner(runner) === 'sqlite'
        ? `CREATE VIRTUAL TABLE recall_index USING fts5(terms, detail=none, columnsize=0, tokenize="ascii")`
        : `CREATE TABLE recall_index (n bigint NOT NULL PRIMARY KEY, terms mediumtext CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL, FULLTEXT KEY ft_recall_index_terms (terms)) ENGINE=InnoDB`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'recall_index', 'recall_terms', 'recall_entries');
  }
}
