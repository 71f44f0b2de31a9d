import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, flag, uuid } from '../src/core/database/ddl.js';

const columns = () => [uuid('known_by').optional().plain(), flag('known_to_all').optional().plain()];

/** Who said by which remote or name a project is known, and whether it was somebody who sees every client. */
export class KnownRemotes1763800000940 implements MigrationInterface {
  name = 'KnownRemotes1763800000940';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'projects', columns());
    // Of the rows that are there, nothing else tells it.
    await runner.query('UPDATE projects SET known_by = user_id');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'projects', columns());
  }
}
