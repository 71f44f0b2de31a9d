import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOfRunner } from '../src/core/database/ddl.js';

/** Table, the field that refers to a row of a client, and the table of that row. */
type Link = [table: string, field: string, parent: string];

const SESSION = ['session_id', 'sessions'] as const;
const WORK_ITEM = ['work_item_id', 'work_items'] as const;
const HOST = ['infrastructure_id', 'infrastructure'] as const;
const PROJECT = ['project_id', 'projects'] as const;

/** What is referred to comes before what refers to it; of several clients a row has the first. */
const LINKS: Link[] = [
  ['infrastructure', 'site_id', 'sites'],
  ['infrastructure', 'parent_host_id', 'infrastructure'],
  ['services', ...HOST],
  ['firewall_rules', ...HOST],
  ['service_relationships', 'from_service_id', 'services'],
  ['sessions', ...PROJECT],
  ['work_items', ...SESSION],
  ['file_changes', ...SESSION],
  ['commands_run', ...SESSION],
  ['infrastructure_changes', ...SESSION],
  ['deployments', ...SESSION],
  ['database_changes', ...SESSION],
  ['external_integrations', ...SESSION],
  ['tasks', ...PROJECT],
  ['tasks', ...SESSION],
  ['tasks', 'parent_task_id', 'tasks'],
  ['pending_tasks', ...PROJECT],
  ['pending_tasks', ...WORK_ITEM],
  ['security_incidents', 'service_id', 'services'],
  ['security_incidents', ...HOST],
  ['context_snippets', ...PROJECT],
  ['conversation_turns', ...PROJECT],
  ['conversation_contexts', ...PROJECT],
  ['conversation_contexts', ...SESSION],
  ['decision_logs', ...PROJECT],
  ['conversation_contexts', 'superseded_by', 'conversation_contexts'],
  ['decision_logs', ...SESSION],
  ['decision_logs', 'supersedes_id', 'decision_logs'],
  ['operation_failures', ...SESSION],
  ['operation_failures', ...WORK_ITEM],
  ['environmental_insights', ...HOST],
  ['environmental_insights', 'source_failure_id', 'operation_failures'],
  ['problem_solutions', ...HOST],
  ['problem_solutions', ...WORK_ITEM],
  ['ticket_links', ...SESSION],
  ['ticket_links', ...WORK_ITEM],
];

/** What depends on the client, and is not there for the new one. */
const CLEARED: Record<string, string> = {
  operation_failures: 'pattern_id = NULL',
  ticket_links: 'external_ticket_id_key = NULL',
  conversation_contexts: 'content_key = CASE WHEN project_id IS NULL THEN NULL ELSE content_key END',
};

/**
 * Rows without a client have that of what they refer to, as those have that are written from now on; credentials, which
 * would be opened to others, stay as they are.
 */
export class ClientsOfReferences1763800000870 implements MigrationInterface {
  name = 'ClientsOfReferences1763800000870';

  async up(runner: QueryRunner): Promise<void> {
    for (const link of LINKS) await runner.query(follow(link, dialectOfRunner(runner)));
  }

  /** Which rows had no client is not known any more. */
  async down(): Promise<void> {}
}

function follow([table, field, parent]: Link, dialect: 'sqlite' | 'mariadb'): string {
  const known =
    parent === table
      ? `WITH RECURSIVE known (id, theirs) AS (SELECT id, client_id FROM ${table} WHERE client_id IS NOT NULL ` +
        `UNION SELECT own.id, known.theirs FROM ${table} own JOIN known ON own.${field} = known.id ` +
        `WHERE own.client_id IS NULL) SELECT id, theirs FROM known`
      : `SELECT id, client_id AS theirs FROM ${parent} WHERE client_id IS NOT NULL`;
  const cleared = CLEARED[table] ? `, ${CLEARED[table]}` : '';
  const set = `SET client_id = theirs, version = version + 1${cleared}`;
  const where = `${table}.client_id IS NULL`;
  const on = `above.id = ${table}.${field}`;
  return dialect === 'sqlite'
    ? `UPDATE ${table} ${set} FROM (${known}) above WHERE ${on} AND ${where}`
    : `UPDATE ${table} JOIN (${known}) above ON ${on} ${set} WHERE ${where}`;
}
