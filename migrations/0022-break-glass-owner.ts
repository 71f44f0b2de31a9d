import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, uuid } from '../src/core/database/ddl.js';

const columns = () => [uuid('owner_id').optional()];

/** A right that was opened to the credential of one owner ends when another one has it. */
export class BreakGlassOwner1763800000220 implements MigrationInterface {
  name = 'BreakGlassOwner1763800000220';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'break_glass_rights', columns());
    await runner.query(
      'UPDATE break_glass_rights SET owner_id = (SELECT c.owner_id FROM credentials c WHERE c.id = break_glass_rights.credential_id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'break_glass_rights', columns());
  }
}
