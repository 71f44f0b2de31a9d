import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, dropTables, flag, json, long, moment, reference, resourceColumns, text,
} from '../src/core/database/ddl.js'; // prettier-ignore

const CATEGORIES = ['other', 'technology', 'client', 'infrastructure', 'problem_type', 'action', 'service'];

/** Sites, contacts, tags, technicians' machines. */
export class Directory1763800000040 implements MigrationInterface {
  name = 'Directory1763800000040';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'sites',
      [
        ...resourceColumns(),
        reference('client_id', 'clients', 'CASCADE'),
        text('name').indexed(),
        text('network_subnet', 43).optional(),
        flag('vpn_required'),
        text('vpn_subnet', 43).optional(),
        text('gateway_ip', 45).optional(),
        json('dns_servers').optional(),
        long('address').optional(),
        text('timezone', 64).optional(),
        long('notes').optional(),
      ],
      { unique: [['client_id', 'name']] },
    );
    await createTable(runner, 'contacts', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'CASCADE'),
      reference('site_id', 'sites', 'SET NULL').optional(),
      text('name').indexed(),
      choice('role', ['technical', 'billing', 'primary', 'other']),
      text('email', 254).optional().indexed(),
      text('phone', 50).optional(),
      text('mobile', 50).optional(),
      flag('is_important'),
      long('notes').optional(),
    ]);
    await createTable(runner, 'tags', [
      ...resourceColumns(),
      text('name', 100).unique(),
      choice('category', CATEGORIES),
      long('description').optional(),
      text('color', 7).optional(),
    ]);
    await this.machines(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'machines', 'tags', 'contacts', 'sites');
  }

  private async machines(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'machines', [
      ...resourceColumns(),
      text('hostname').unique(),
      text('machine_fingerprint', 500).optional().unique(),
      text('friendly_name').optional().indexed(),
      choice('machine_type', ['laptop', 'desktop', 'workstation', 'server', 'vm']),
      choice('platform', ['win32', 'darwin', 'linux']),
      text('os_version', 100).optional(),
      text('username').optional(),
      text('home_directory', 500).optional(),
      flag('has_vpn_access'),
      json('vpn_profiles').optional(),
      flag('has_docker'),
      flag('has_powershell'),
      text('powershell_version', 50).optional(),
      flag('has_ssh'),
      flag('has_git'),
      choice('typical_network_location', ['office', 'home', 'mobile']),
      text('static_ip', 45).optional(),
      text('claude_working_directory', 500).optional(),
      json('additional_working_dirs').optional(),
      json('installed_tools').optional(),
      json('available_mcps').optional(),
      json('mcp_capabilities').optional(),
      json('available_skills').optional(),
      text('os_package_manager', 50).optional(),
      text('preferred_shell', 50).optional(),
      flag('is_primary'),
      flag('is_active'),
      moment('last_seen_at').optional(),
      long('notes').optional(),
    ]);
  }
}
