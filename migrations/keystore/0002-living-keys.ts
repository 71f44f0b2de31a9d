import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  big,
  createTable,
  dropColumns,
  dropTables,
  long,
  moment,
  text,
  uuid,
  whole,
} from '../../src/core/database/ddl.js';

const added = () => [big('seals').optional(), uuid('rotation_id').optional()];

/** Who has the keystore open with which master keys, and how often each data key has sealed. */
export class LivingKeys1763800000002 implements MigrationInterface {
  name = 'LivingKeys1763800000002';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'data_keys', added());
    await createTable(runner, 'processes', [
      uuid('id').primary(),
      text('host'),
      whole('pid').plain(),
      long('kek_ids'),
      text('wanted_kek_id', 16).optional(),
      moment('started_at').plain(),
      moment('seen_at'),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'processes');
    await dropColumns(runner, 'data_keys', added());
  }
}
