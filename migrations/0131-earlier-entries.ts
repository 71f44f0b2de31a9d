import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, long, text, uuid, whole } from '../src/core/database/ddl.js';

/** The audit entries of an earlier system, as they were there. */
export class EarlierEntries1763800001310 implements MigrationInterface {
  name = 'EarlierEntries1763800001310';

  up(runner: QueryRunner): Promise<void> {
    return createTable(
      runner,
      'earlier_entries',
      [
        text('id', 64).primary(),
        uuid('part_id'),
        whole('position').plain(),
        text('source', 40),
        uuid('credential_id').optional(),
        long('entry'),
      ],
      { index: [['part_id', 'position'], ['credential_id']] },
    );
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, 'earlier_entries');
  }
}
