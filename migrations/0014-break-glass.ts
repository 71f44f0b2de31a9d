import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, moment, reference, text, uuid } from '../src/core/database/ddl.js';

/** Rights to the private credentials of others that administrators have opened for a few minutes. */
export class BreakGlass1763800000140 implements MigrationInterface {
  name = 'BreakGlass1763800000140';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'break_glass_rights',
      [
        uuid('id').primary(),
        reference('credential_id', 'credentials', 'CASCADE'),
        reference('user_id', 'users', 'CASCADE').plain(),
        text('reason', 500),
        moment('expires_at').plain(),
        moment('created_at').plain(),
      ],
      { index: [['user_id', 'credential_id']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'break_glass_rights');
  }
}
