import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, createTagTable, day, dropTables, flag, json, long, reference, resourceColumns, text, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const ASSETS = [
  'physical_server', 'virtual_machine', 'container', 'network_device', 'nas_storage', 'workstation', 'firewall',
  'domain_controller', 'printer', 'other',
]; // prettier-ignore

/** Infrastructure and services. */
export class Estate1763800000050 implements MigrationInterface {
  name = 'Estate1763800000050';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'infrastructure', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'CASCADE').optional(),
      reference('site_id', 'sites', 'SET NULL').optional(),
      choice('asset_type', ASSETS),
      text('hostname').indexed(),
      text('ip_address', 45).optional().indexed(),
      text('mac_address', 17).optional().indexed(),
      text('os', 100).optional(),
      text('os_version', 100).optional(),
      long('role_description').optional(),
      reference('parent_host_id', 'infrastructure', 'SET NULL').optional(),
      choice('status', ['active', 'migration_source', 'migration_destination', 'decommissioned']),
      text('serial_number').optional().indexed(),
      text('manufacturer').optional(),
      text('model').optional(),
      day('purchased_on').optional(),
      day('warranty_expires_on').optional(),
      text('powershell_version', 50).optional(),
      text('shell_type', 50).optional(),
      text('package_manager', 50).optional(),
      flag('has_gui'),
      json('limitations').optional(),
      long('environmental_notes').optional(),
    ]);
    await createTagTable(runner, 'infrastructure', 'infrastructure');
    await createTable(runner, 'services', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'SET NULL').optional(),
      reference('infrastructure_id', 'infrastructure', 'SET NULL').optional(),
      text('name').indexed(),
      text('service_type', 100).optional().indexed(),
      long('external_url').optional(),
      long('internal_url').optional(),
      whole('port').optional(),
      choice('protocol', ['https', 'http', 'ssh', 'rdp', 'smb', 'sql', 'tcp', 'udp', 'other']),
      choice('status', ['running', 'stopped', 'error', 'maintenance']),
      text('version_label', 100).optional(),
      long('notes').optional(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'services', 'infrastructure_tags', 'infrastructure');
  }
}
