import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, moment, text, uuid } from '../src/core/database/ddl.js';

/** What rows were in the program that they came from, so that nothing comes twice. */
export class ImportedRows1763800001300 implements MigrationInterface {
  name = 'ImportedRows1763800001300';

  up(runner: QueryRunner): Promise<void> {
    return createTable(runner, 'imported_rows', [
      text('source_key', 64).primary(),
      text('source', 40),
      text('resource', 60),
      uuid('row_id'),
      moment('created_at').plain(),
    ]);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, 'imported_rows');
  }
}
