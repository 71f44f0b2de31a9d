import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, moment, text, uuid, whole } from '../src/core/database/ddl.js';

/** Of which ends people were reminded, and how many days before. */
export class ExpirationReminders1763800002210 implements MigrationInterface {
  name = 'ExpirationReminders1763800002210';

  async up(runner: QueryRunner): Promise<void> {
    const columns = [
      uuid('id').primary(),
      text('kind', 40),
      uuid('row_key'),
      moment('ends_at'),
      whole('days').plain(),
      uuid('round_id'),
    ];
    await createTable(runner, 'expiration_reminders', columns, {
      unique: [['kind', 'row_key', 'ends_at', 'days']],
    });
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, 'expiration_reminders');
  }
}
