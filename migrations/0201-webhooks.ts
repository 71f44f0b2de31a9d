import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  big, choice, createTable, dropTables, flag, json, long, moment, reference, resourceColumns, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

/** Where changes are sent, what signs them, and what became of each. */
export class Webhooks1763800002010 implements MigrationInterface {
  name = 'Webhooks1763800002010';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'webhooks', [
      ...resourceColumns(),
      reference('user_id', 'users', 'CASCADE'),
      long('url'),
      json('events'),
      text('description', 500).optional(),
      flag('is_active'),
      moment('failing_since').optional(),
      moment('disabled_at').optional(),
      text('disabled_because').optional(),
      big('cursor_seq'),
      uuid('holder').optional(),
      moment('held_until').plain().optional(),
      big('fence'),
    ]);
    await createTable(runner, 'webhook_secrets', [
      uuid('id').primary(),
      reference('webhook_id', 'webhooks', 'CASCADE'),
      long('sealed'),
      moment('created_at').plain(),
      moment('ends_at').plain().optional(),
    ]);
    await createTable(
      runner,
      'webhook_deliveries',
      [
        big('n').numbered(),
        uuid('id').unique(),
        reference('webhook_id', 'webhooks', 'CASCADE').plain(),
        big('seq').optional(),
        text('event', 120),
        uuid('row_id'),
        choice('status', ['pending', 'delivered', 'dead', 'skipped']).plain(),
        whole('attempts').plain(),
        whole('response_code').plain().optional(),
        long('response').optional(),
        whole('duration_ms').plain().optional(),
        text('failure', 200).optional(),
        moment('created_at').plain(),
        moment('last_attempt_at').plain().optional(),
        moment('next_attempt_at').plain(),
      ],
      {
        unique: [['webhook_id', 'seq']],
        index: [
          ['webhook_id', 'created_at', 'n'],
          ['webhook_id', 'status', 'row_id', 'seq'],
          ['webhook_id', 'status', 'next_attempt_at'],
          ['status', 'created_at'],
        ],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'webhook_deliveries', 'webhook_secrets', 'webhooks');
  }
}
