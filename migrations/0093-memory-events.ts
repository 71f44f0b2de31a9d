import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  createTable,
  dropColumns,
  dropTables,
  moment,
  reference,
  text,
  uuid,
} from '../src/core/database/ddl.js';

const OCCURRED = () => [moment('occurred_at').optional()];
const ADDED = {
  projects: () => [uuid('user_id').optional()],
  conversation_contexts: () => [text('session_key').indexed().optional(), ...OCCURRED()],
  context_snippets: OCCURRED,
  decision_logs: OCCURRED,
  project_states: () => [moment('as_of').optional()],
};

/** Events of conversations, each taken once, and when what they tell of was so; who registered a project. */
export class MemoryEvents1763800000930 implements MigrationInterface {
  name = 'MemoryEvents1763800000930';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'memory_events',
      [
        uuid('id').primary(),
        reference('user_id', 'users', 'CASCADE').plain(),
        text('event_key', 128),
        uuid('project_id').optional(),
        text('resource', 60).optional(),
        uuid('row_id').optional(),
        moment('created_at').plain(),
      ],
      { unique: [['user_id', 'event_key']] },
    );
    for (const [table, columns] of Object.entries(ADDED)) await addColumns(runner, table, columns());
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(ADDED)) await dropColumns(runner, table, columns());
    await dropTables(runner, 'memory_events');
  }
}
