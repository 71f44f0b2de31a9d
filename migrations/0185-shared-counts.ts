import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, moment, text, uuid, whole } from '../src/core/database/ddl.js';

/** What the processes of one installation tell each other of limits. */
export class SharedCounts1763800001850 implements MigrationInterface {
  name = 'SharedCounts1763800001850';

  async up(runner: QueryRunner): Promise<void> {
    const columns = [text('name', 80), uuid('process_id'), whole('points').plain(), moment('ends_at')];
    await createTable(runner, 'shared_counts', columns, { primary: ['name', 'process_id'] });
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, 'shared_counts');
  }
}
