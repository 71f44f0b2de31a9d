import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  big, choice, createTable, dropTables, flag, json, long, moment, reference, resourceColumns, text, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const SYSTEMS = ['syncro', 'autotask', 'connectwise', 'halo', 'msp_backups', 'zapier', 'other'];

const links = () => [
  ...resourceColumns(),
  reference('session_id', 'sessions', 'CASCADE').optional(),
  reference('work_item_id', 'work_items', 'SET NULL').optional(),
  reference('client_id', 'clients', 'SET NULL').optional(),
  choice('system', SYSTEMS),
  text('external_ticket_id').indexed(),
  text('ticket_number', 100).optional().indexed(),
  text('title', 500).optional(),
  text('status', 100).optional().indexed(),
  long('url').optional(),
  choice('link_type', ['related', 'resolves', 'documents']),
];

const integrations = () => [
  ...resourceColumns(),
  choice('system', SYSTEMS),
  choice('direction', ['outbound', 'inbound']),
  choice('action', ['created', 'updated', 'linked', 'attached', 'failed']),
  reference('session_id', 'sessions', 'SET NULL').optional(),
  reference('client_id', 'clients', 'SET NULL').optional(),
  json('request').optional(),
  json('response').optional(),
  whole('status_code').optional(),
  flag('success'),
  long('error_message').optional(),
];

const credentials = () => [
  ...resourceColumns(),
  choice('system', SYSTEMS),
  choice('auth_type', ['api_key', 'oauth', 'basic_auth']),
  reference('credential_id', 'credentials', 'RESTRICT'),
  reference('client_id', 'clients', 'SET NULL').optional(),
  long('base_url').optional(),
  flag('is_active'),
  moment('last_tested_at').optional(),
  choice('last_test_status', ['passed', 'failed']).optional(),
];

const backups = () => [
  ...resourceColumns(),
  choice('backup_type', ['manual', 'daily', 'weekly', 'monthly', 'pre_migration']),
  text('file_path', 1000).optional(),
  big('size_bytes').optional(),
  text('checksum_sha256', 64).optional().indexed(),
  moment('started_at').optional(),
  moment('finished_at').optional(),
  choice('verification', ['not_verified', 'passed', 'failed']),
  text('method', 100).optional().indexed(),
  long('notes').optional(),
];

/** Tickets of other systems, exchanges with them and what opens them; the log of backups. */
export class Operations1763800000420 implements MigrationInterface {
  name = 'Operations1763800000420';

  async up(runner: QueryRunner): Promise<void> {
    const unique = [['system', 'external_ticket_id', 'session_id']];
    await createTable(runner, 'ticket_links', links(), { unique });
    await createTable(runner, 'external_integrations', integrations());
    await createTable(runner, 'integration_credentials', credentials());
    await createTable(runner, 'backup_log', backups());
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(
      runner,
      'backup_log',
      'integration_credentials',
      'external_integrations',
      'ticket_links',
    );
  }
}
