import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, dropTables, flag, json, long, moment, reference, resourceColumns, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

/** Facts of the installation, users, logins, stored answers. */
export class Access1763800000010 implements MigrationInterface {
  name = 'Access1763800000010';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'facts', [text('name', 64).primary(), text('value')]);
    await createTable(runner, 'users', [
      ...resourceColumns(),
      text('email', 254).unique(),
      text('name').indexed(),
      json('scopes'),
      choice('client_access', ['all', 'only', 'except']),
      json('client_ids'),
      flag('is_active'),
      flag('totp_enrolled').plain(),
      moment('last_login_at').plain().optional(),
      long('password_hash').optional(),
      long('totp_sealed').optional(),
      whole('totp_step').plain(),
      whole('failed_logins').plain(),
      moment('locked_until').plain().optional(),
    ]);
    await createTable(runner, 'logins', [
      uuid('id').primary(),
      reference('user_id', 'users', 'CASCADE'),
      text('machine').optional(),
      text('ip', 45).optional(),
      text('user_agent', 300).optional(),
      moment('created_at').plain(),
      moment('expires_at'),
      moment('revoked_at').plain().optional(),
      text('revoked_reason', 60).optional(),
    ]);
    await createTable(runner, 'refresh_tokens', [
      text('id', 64).primary(),
      reference('login_id', 'logins', 'CASCADE'),
      moment('created_at').plain(),
      moment('used_at').plain().optional(),
    ]);
    await createTable(runner, 'idempotency_keys', [
      text('id', 64).primary(),
      text('body_mac', 64),
      whole('status').plain(),
      long('answer'),
      moment('expires_at'),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'idempotency_keys', 'refresh_tokens', 'logins', 'users', 'facts');
  }
}
