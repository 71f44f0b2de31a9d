import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, dropTables, json, long, moment, reference, resourceColumns, text, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

/** Tokens of machines and helpers, each with what it may do of what its user may do. */
export class AccessTokens1763800000500 implements MigrationInterface {
  name = 'AccessTokens1763800000500';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'access_tokens', [
      ...resourceColumns(),
      reference('user_id', 'users', 'SET NULL').optional(),
      text('name').indexed(),
      long('purpose').optional(),
      json('scopes'),
      json('resources'),
      json('credential_ids'),
      json('actions'),
      choice('client_access', ['all', 'only', 'except']),
      json('client_ids'),
      json('cidrs'),
      whole('max_uses').plain().optional(),
      whole('uses').plain(),
      moment('expires_at'),
      moment('last_used_at').optional(),
      moment('revoked_at').optional(),
      text('secret_hash', 64),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'access_tokens');
  }
}
