import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, dropTables, flag, moment, reference, resourceColumns, text, uuid, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

/** What a second person is asked to approve, and what came of it. */
export class ApprovalRequests1763800001500 implements MigrationInterface {
  name = 'ApprovalRequests1763800001500';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'approval_requests', [
      ...resourceColumns(),
      reference('credential_id', 'credentials', 'CASCADE').optional(),
      reference('client_id', 'clients', 'CASCADE').optional(),
      choice('purpose', ['reveal', 'loosen']),
      text('reason', 500),
      whole('minutes').plain(),
      flag('single_use').plain(),
      choice('status', ['pending', 'approved', 'refused', 'withdrawn', 'revoked', 'used', 'ended']),
      reference('requested_by', 'users', 'SET NULL').optional(),
      uuid('token_id').optional(),
      reference('decided_by', 'users', 'SET NULL').optional(),
      moment('decided_at').plain().optional(),
      text('note', 500).optional(),
      moment('expires_at'),
      whole('uses').plain(),
      text('ended_because').optional(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'approval_requests');
  }
}
