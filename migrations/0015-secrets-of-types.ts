import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  createTable,
  dropColumns,
  dropTables,
  moment,
  reference,
  text,
} from '../src/core/database/ddl.js';

const POOL_SECRETS = 'credential_pool_secrets';

const columns = () => [
  text('key_algorithm').optional(),
  text('key_fingerprint').optional().indexed(),
  text('certificate_subject', 500).optional(),
  moment('certificate_expires_at').optional(),
];

/**
 * What is known of keys and certificates stands in the credential. Equal secrets are looked for and no longer
 * refused; those of private credentials are compared with their owner's alone, from their next write on.
 */
export class SecretsOfTypes1763800000150 implements MigrationInterface {
  name = 'SecretsOfTypes1763800000150';

  async up(runner: QueryRunner): Promise<void> {
    await dropTables(runner, POOL_SECRETS);
    await addColumns(runner, 'credentials', columns());
    await runner.query(
      'UPDATE credential_secrets SET fingerprint = NULL WHERE credential_id IN ' +
        "(SELECT id FROM credentials WHERE client_id IS NULL AND visibility = 'private')",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'credentials', columns());
    await createTable(runner, POOL_SECRETS, [
      text('fingerprint', 64).primary(),
      reference('credential_id', 'credentials', 'CASCADE'),
    ]);
  }
}
