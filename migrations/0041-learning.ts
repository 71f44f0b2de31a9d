import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, createTagTable, dropTables, flag, long, moment, reference, resourceColumns, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const loose = (name: string, table: string) => reference(name, table, 'SET NULL').optional();
const OPERATIONS = ['api_call', 'command', 'file_operation', 'network', 'database', 'other'];
const INSIGHTS = [
  'command_constraints', 'service_configuration', 'version_limitations', 'custom_installations', 'network_constraints',
  'permissions',
]; // prettier-ignore

const solutions = () => [
  ...resourceColumns(),
  loose('client_id', 'clients'),
  loose('infrastructure_id', 'infrastructure'),
  loose('work_item_id', 'work_items'),
  loose('user_id', 'users'),
  text('title', 500),
  long('problem'),
  long('symptoms').optional(),
  long('error_text').optional(),
  text('error_signature', 500).optional().indexed(),
  long('root_cause').optional(),
  long('solution'),
  flag('verified'),
  whole('occurrences'),
  moment('last_seen_at').optional(),
];

const patterns = () => [
  ...resourceColumns(),
  loose('client_id', 'clients'),
  text('pattern_signature', 500).indexed(),
  text('pattern_signature_key', 64).optional().unique(),
  choice('category', OPERATIONS),
  long('description'),
  whole('occurrence_count'),
  moment('first_seen_at').optional(),
  moment('last_seen_at').optional(),
  long('recommended_solution').optional(),
  choice('severity', ['medium', 'critical', 'high', 'low']),
  flag('is_active'),
];

const failures = () => [
  ...resourceColumns(),
  loose('client_id', 'clients'),
  loose('session_id', 'sessions'),
  loose('work_item_id', 'work_items'),
  loose('user_id', 'users'),
  choice('operation_type', OPERATIONS),
  text('target', 1000).optional(),
  long('error_message'),
  text('error_code', 100).optional().indexed(),
  long('resolution').optional(),
  loose('pattern_id', 'failure_patterns'),
];

const insights = () => [
  ...resourceColumns(),
  loose('client_id', 'clients'),
  loose('infrastructure_id', 'infrastructure'),
  loose('user_id', 'users'),
  choice('category', INSIGHTS),
  text('title', 500),
  long('description'),
  choice('confidence', ['confirmed', 'likely', 'suspected']),
  whole('priority'),
  loose('source_failure_id', 'operation_failures'),
  moment('last_verified_at').optional(),
];

/** Problems and their solutions, failures and their patterns, insights. */
export class Learning1763800000410 implements MigrationInterface {
  name = 'Learning1763800000410';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'problem_solutions', solutions());
    await createTagTable(runner, 'problem_solution');
    const terms = [
      uuid('id').primary(),
      reference('problem_solution_id', 'problem_solutions', 'CASCADE').plain(),
      text('term', 64),
    ];
    await createTable(runner, 'problem_solution_terms', terms, {
      unique: [['problem_solution_id', 'term']],
      index: [['term', 'problem_solution_id']],
    });
    await createTable(runner, 'failure_patterns', patterns());
    await createTable(runner, 'operation_failures', failures());
    await createTable(runner, 'environmental_insights', insights());
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(
      runner,
      'environmental_insights', 'operation_failures', 'failure_patterns', 'problem_solution_terms',
      'problem_solution_tags', 'problem_solutions',
    ); // prettier-ignore
  }
}
