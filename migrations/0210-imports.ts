import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  big, choice, createTable, dropTables, flag, json, long, moment, reference, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

/** Files of rows that are brought in, and, while they are, their sealed pieces. */
export class Imports1763800002100 implements MigrationInterface {
  name = 'Imports1763800002100';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'import_jobs',
      [
        big('n').numbered(),
        uuid('id').unique(),
        reference('user_id', 'users', 'CASCADE').optional(),
        uuid('token_id').optional(),
        text('resource', 100),
        choice('format', ['csv', 'ndjson']).plain(),
        choice('on_conflict', ['error', 'skip', 'update']).plain(),
        text('match_key').optional(),
        flag('dry_run').plain(),
        choice('state', ['receiving', 'waiting', 'checking', 'writing', 'done', 'failed', 'cancelled']),
        big('bytes'),
        whole('pieces').plain(),
        ...['rows_total', 'rows_checked', 'rows_done', 'created', 'updated', 'skipped'].map(name =>
          whole(name).plain(),
        ),
        ...['failed_rows', 'error_count'].map(name => whole(name).plain()),
        json('errors'),
        text('failure', 500).optional(),
        json('ignored_columns'),
        moment('created_at').plain(),
        moment('finished_at').optional(),
        uuid('holder').optional(),
        moment('held_until').plain().optional(),
        big('fence'),
      ],
      { index: [['created_at', 'n']] },
    );
    await createTable(
      runner,
      'upload_pieces',
      [uuid('id').primary(), uuid('upload_id'), whole('n').plain(), long('sealed')],
      { unique: [['upload_id', 'n']] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'upload_pieces', 'import_jobs');
  }
}
