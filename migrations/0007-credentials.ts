import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, createTagTable, dropTables, flag, json, long, moment, reference, resourceColumns, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const TYPES = [
  'password',
  'api_key',
  'oauth',
  'ssh_key',
  'shared_secret',
  'jwt',
  'connection_string',
  'certificate',
];

/** Credentials, their sealed secrets, and the grants on them. */
export class Credentials1763800000070 implements MigrationInterface {
  name = 'Credentials1763800000070';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'credentials', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'RESTRICT').optional(),
      reference('service_id', 'services', 'SET NULL').optional(),
      reference('infrastructure_id', 'infrastructure', 'SET NULL').optional(),
      reference('site_id', 'sites', 'SET NULL').optional(),
      choice('visibility', ['private', 'pool']),
      choice('credential_type', TYPES),
      text('service_name').indexed(),
      text('username').optional().indexed(),
      text('name', 200).optional().unique(),
      long('external_url').optional(),
      long('internal_url').optional(),
      whole('custom_port').optional(),
      flag('requires_vpn'),
      flag('requires_2fa'),
      moment('expires_at').optional(),
      whole('rotate_every_days').optional(),
      moment('last_rotated_at').optional(),
      flag('is_active'),
      reference('owner_id', 'users', 'SET NULL').optional(),
      choice('reveal_policy', ['open', 'reason', 'otp', 'approval']),
      long('notes').optional(),
      moment('archived_at').optional(),
      json('secret_fields'),
      whole('strength').optional(),
      text('rotation_demand').optional(),
      whole('secret_version').plain(),
    ]);
    await createTable(
      runner,
      'credential_secrets',
      [
        uuid('id').primary(),
        reference('credential_id', 'credentials', 'CASCADE').plain(),
        text('field', 40),
        whole('version').plain(),
        long('sealed').optional(),
        text('fingerprint', 64).optional().indexed(),
        uuid('author_id').optional(),
        moment('created_at').plain(),
      ],
      { unique: [['credential_id', 'field', 'version']] },
    );
    await createTable(runner, 'credential_pool_secrets', [
      text('fingerprint', 64).primary(),
      reference('credential_id', 'credentials', 'CASCADE'),
    ]);
    await createTable(
      runner,
      'credential_permissions',
      [
        ...resourceColumns(),
        reference('credential_id', 'credentials', 'CASCADE').optional(),
        reference('client_id', 'clients', 'CASCADE').optional(),
        reference('user_id', 'users', 'CASCADE'),
        choice('level', ['view', 'reveal', 'manage']),
        moment('expires_at').optional(),
      ],
      {
        unique: [
          ['credential_id', 'user_id'],
          ['client_id', 'user_id'],
        ],
      },
    );
    await createTagTable(runner, 'credential');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(
      runner,
      'credential_tags',
      'credential_permissions',
      'credential_pool_secrets',
      'credential_secrets',
      'credentials',
    );
  }
}
