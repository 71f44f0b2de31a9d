import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dialectOfRunner, dropTables, text, uuid, whole } from '../src/core/database/ddl.js';

/** Tables of rows with a version: those of resources. */
const TABLES = {
  sqlite:
    'SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c ' +
    "WHERE m.type = 'table' AND c.name = 'version' ORDER BY m.name",
  mariadb:
    'SELECT table_name AS name FROM information_schema.columns ' +
    "WHERE table_schema = DATABASE() AND column_name = 'version' ORDER BY table_name",
};

/**
 * What rows are found by: an inverted index. Rows that are there get their terms behind the running server; which tables
 * have some is noted here.
 */
export class Search1763800001900 implements MigrationInterface {
  name = 'Search1763800001900';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'search_terms',
      [text('resource', 60), text('term', 64), uuid('row_id'), whole('weight').plain()],
      {
        primary: ['resource', 'term', 'row_id'],
        index: [['row_id', 'term', 'weight']],
        isKeyed: true,
      },
    );
    await createTable(runner, 'search_fills', [
      text('table_name', 60).primary(),
      uuid('after_id').optional(),
    ]);
    const tables = (await runner.query(TABLES[dialectOfRunner(runner)])) as { name: string }[];
    for (const { name } of tables)
      await runner.query(
        `INSERT INTO search_fills (table_name) SELECT '${name}' FROM (SELECT 1 AS one) AS single ` +
          `WHERE EXISTS (SELECT 1 FROM ${name})`,
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'search_fills', 'search_terms');
  }
}
