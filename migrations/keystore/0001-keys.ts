import type { MigrationInterface, QueryRunner } from 'typeorm';
import { choice, createTable, dropTables, moment, text, uuid, whole } from '../../src/core/database/ddl.js';

/** Wrapped keys, and what is known of the keystore itself. */
export class Keys1763800000001 implements MigrationInterface {
  name = 'Keys1763800000001';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'data_keys',
      [
        uuid('id').primary(),
        choice('owner_kind', ['user', 'client', 'pool', 'system']).plain(),
        text('owner_id', 100),
        whole('version').plain(),
        choice('state', ['active', 'decrypt_only', 'destroyed']).plain(),
        text('wrapped'),
        text('kek_id', 16).indexed(),
        moment('created_at').plain(),
      ],
      { unique: [['owner_kind', 'owner_id', 'version']] },
    );
    await createTable(runner, 'keystore_facts', [text('name', 64).primary(), text('value')]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'keystore_facts', 'data_keys');
  }
}
