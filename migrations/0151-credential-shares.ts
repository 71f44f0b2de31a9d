import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable, dropTables, flag, json, long, moment, reference, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

/** Secrets that a link opens. */
export class CredentialShares1763800001510 implements MigrationInterface {
  name = 'CredentialShares1763800001510';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'credential_shares', [
      uuid('id').primary(),
      reference('credential_id', 'credentials', 'CASCADE'),
      reference('created_by', 'users', 'CASCADE'),
      text('token_hash', 64).unique(),
      long('sealed').optional(),
      long('passphrase_hash').optional(),
      json('fields'),
      whole('views').plain(),
      whole('views_left').plain(),
      whole('failures').plain(),
      flag('ends_with_rotation').plain(),
      moment('expires_at'),
      moment('created_at').plain(),
      moment('last_redeemed_at').plain().optional(),
      moment('revoked_at').plain().optional(),
      text('revoked_because').optional(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'credential_shares');
  }
}
