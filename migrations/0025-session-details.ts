import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  big, choice, type Column, createTable, customFields, dropTables, flag, long, moment, reference, resourceColumns, text, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const CHANGES = [
  'service_config', 'dns', 'firewall', 'routing', 'ssl', 'container', 'hardware', 'network', 'storage',
]; // prettier-ignore

const details = (): Column[] => [
  ...resourceColumns(),
  reference('session_id', 'sessions', 'CASCADE'),
  reference('work_item_id', 'work_items', 'CASCADE').optional(),
  reference('client_id', 'clients', 'SET NULL').optional(),
  customFields(),
];
const machine = () => reference('infrastructure_id', 'infrastructure', 'SET NULL').optional();

/** What was done in sessions: files, commands, changes to machines and databases, deployments. */
export class SessionDetails1763800000250 implements MigrationInterface {
  name = 'SessionDetails1763800000250';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'file_changes', [
      ...details(),
      text('file_path', 1000),
      choice('change_type', ['modified', 'created', 'deleted', 'renamed', 'backed_up']),
      text('previous_path', 1000).optional(),
      text('backup_path', 1000).optional(),
      big('size_bytes').indexed().optional(),
      text('checksum_sha256', 64).optional(),
      long('description').optional(),
    ]);
    await this.commands(runner);
    await createTable(runner, 'infrastructure_changes', [
      ...details(),
      machine(),
      choice('change_type', CHANGES),
      text('target_system').optional().indexed(),
      long('before_state').optional(),
      long('after_state').optional(),
      flag('is_permanent'),
      long('rollback_procedure').optional(),
      flag('verification_performed'),
      long('verification_notes').optional(),
    ]);
    await this.deployments(runner);
    await createTable(runner, 'database_changes', [
      ...details(),
      machine(),
      text('database_name').indexed(),
      choice('change_type', ['schema', 'data', 'index', 'optimization', 'cleanup', 'migration']),
      long('sql_executed').optional(),
      big('rows_affected').indexed().optional(),
      big('size_freed_bytes').indexed().optional(),
      flag('backup_taken'),
      text('backup_location', 1000).optional(),
      long('notes').optional(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(
      runner,
      'database_changes',
      'deployments',
      'infrastructure_changes',
      'commands_run',
      'file_changes',
    );
  }

  private async commands(runner: QueryRunner): Promise<void> {
    const columns = [
      ...details(),
      long('command_text'),
      text('host').optional().indexed(),
      reference('machine_id', 'machines', 'SET NULL').optional(),
      machine(),
      choice('shell_type', ['bash', 'powershell', 'cmd', 'sql', 'ssh', 'docker', 'other']),
      flag('success').optional(),
      whole('exit_code').optional(),
      long('output_summary').optional(),
      long('failure_reason').optional(),
      whole('duration_ms').optional(),
      moment('executed_at'),
      whole('execution_order'),
    ];
    await createTable(runner, 'commands_run', columns, { index: [['session_id', 'execution_order']] });
  }

  private async deployments(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'deployments', [
      ...details(),
      machine(),
      reference('service_id', 'services', 'SET NULL').optional(),
      choice('deployment_type', ['code', 'config', 'database', 'container', 'service_restart']),
      text('version_label', 100).optional().indexed(),
      choice('status', ['succeeded', 'failed', 'rolled_back', 'in_progress']),
      text('source_path', 1000).optional(),
      text('destination_path', 1000).optional(),
      text('deployed_by').optional(),
      moment('deployed_at'),
      flag('rollback_available'),
      long('rollback_procedure').optional(),
      long('notes').optional(),
    ]);
  }
}
