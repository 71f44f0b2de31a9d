import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, createTagTable, decimal, dropTables, json, long, moment, reference, resourceColumns, text, uuid,
  whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

const loose = (name: string, table: string) => reference(name, table, 'SET NULL').optional();
const CONTEXT_TYPES = [
  'session_summary',
  'project_state',
  'checkpoint',
  'technical_decision',
  'general_context',
];
const CATEGORIES = ['decision', 'pattern', 'lesson', 'blocker', 'state', 'configuration', 'fact'];

const contexts = () => [
  ...resourceColumns(),
  loose('client_id', 'clients'),
  loose('project_id', 'projects'),
  loose('session_id', 'sessions'),
  loose('machine_id', 'machines'),
  loose('user_id', 'users'),
  choice('context_type', CONTEXT_TYPES),
  text('title', 500),
  long('dense_summary'),
  json('key_decisions').optional(),
  json('current_state').optional(),
  decimal('relevance_score', 5, 2),
  whole('importance'),
  json('metadata').optional(),
  choice('source', ['api', 'hook', 'import', 'mcp']),
  loose('superseded_by', 'conversation_contexts'),
  moment('expires_at').optional(),
  moment('last_seen_at').optional(),
  text('content_hash', 64).indexed(),
  text('content_key', 64).optional().unique(),
];

const snippets = () => [
  ...resourceColumns(),
  loose('client_id', 'clients'),
  loose('project_id', 'projects'),
  loose('user_id', 'users'),
  choice('category', CATEGORIES),
  text('title', 500).optional(),
  long('content'),
  whole('importance'),
  decimal('relevance_score', 5, 2),
  moment('last_seen_at').optional(),
  text('content_hash', 64).indexed(),
  text('content_key', 64).optional().unique(),
];

const turns = () => [
  ...resourceColumns(),
  loose('client_id', 'clients'),
  loose('project_id', 'projects'),
  loose('user_id', 'users'),
  text('session_key').indexed(),
  moment('at'),
  choice('speaker', ['user', 'assistant', 'tool']),
  long('text'),
  whole('sequence').optional(),
  text('content_hash', 64).indexed(),
  text('content_key', 64).optional().unique(),
];

const states = () => [
  ...resourceColumns(),
  reference('project_id', 'projects', 'CASCADE'),
  loose('client_id', 'clients'),
  text('phase', 100).optional().indexed(),
  whole('progress_percent').optional(),
  long('current_focus').optional(),
  json('blockers').optional(),
  json('next_actions').optional(),
  json('completed').optional(),
  long('context_summary').optional(),
  json('key_files').optional(),
  json('important_decisions').optional(),
  loose('last_session_id', 'sessions'),
];

const formerStates = () => [
  uuid('id').primary(),
  reference('project_state_id', 'project_states', 'CASCADE').plain(),
  whole('version').plain(),
  json('state'),
  moment('valid_from').plain(),
  moment('valid_to').plain(),
];

const decisions = () => [
  ...resourceColumns(),
  loose('client_id', 'clients'),
  loose('project_id', 'projects'),
  loose('session_id', 'sessions'),
  loose('user_id', 'users'),
  choice('decision_type', ['technical', 'architectural', 'process', 'security', 'other']),
  long('decision_text'),
  long('rationale').optional(),
  json('alternatives_considered').optional(),
  choice('impact', ['medium', 'low', 'high', 'critical']),
  loose('supersedes_id', 'decision_logs'),
  choice('status', ['active', 'superseded', 'reverted']),
];

/** Contexts, snippets and turns of conversations, states of projects, decisions. */
export class Memory1763800000400 implements MigrationInterface {
  name = 'Memory1763800000400';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'conversation_contexts', contexts());
    await createTagTable(runner, 'conversation_context');
    await createTable(runner, 'context_snippets', snippets());
    await createTagTable(runner, 'context_snippet');
    await createTable(runner, 'conversation_turns', turns(), { index: [['session_key', 'at']] });
    await createTable(runner, 'project_states', states(), { unique: [['project_id']] });
    const versions = { unique: [['project_state_id', 'version']] };
    await createTable(runner, 'project_state_versions', formerStates(), versions);
    await createTable(runner, 'decision_logs', decisions());
    await createTagTable(runner, 'decision_log');
    await createTable(runner, 'memory_usage', [
      uuid('id').primary(),
      whole('usage_count').plain(),
      moment('last_used_at').plain(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(
      runner,
      'memory_usage', 'decision_log_tags', 'decision_logs', 'project_state_versions', 'project_states',
      'conversation_turns', 'context_snippet_tags', 'context_snippets', 'conversation_context_tags',
      'conversation_contexts',
    ); // prettier-ignore
  }
}
