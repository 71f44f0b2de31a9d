import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns, createTable, dropColumns, dropTables, long, moment, reference, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const columns = () => [
  moment('offboarded_at').plain().optional(),
  moment('keys_destroyed_at').plain().optional(),
];

/** How a client leaves: since when nothing of it opens, and how far its off-boarding has come. */
export class Offboarding1763800002000 implements MigrationInterface {
  name = 'Offboarding1763800002000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'clients', columns());
    await createTable(runner, 'offboardings', [
      uuid('id').primary(),
      reference('client_id', 'clients', 'CASCADE').unique(),
      uuid('begun_by').optional(),
      moment('begun_at').plain(),
      long('reason'),
      text('export_sha256', 64).optional(),
      moment('finished_at').plain().optional(),
      whole('keys_destroyed').plain(),
      whole('credentials').plain(),
      whole('secrets').plain(),
      whole('approvals').plain(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'offboardings');
    await dropColumns(runner, 'clients', columns());
  }
}
