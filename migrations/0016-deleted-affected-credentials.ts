import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, json, moment, reference, text, uuid } from '../src/core/database/ddl.js';

/** What the report of an incident says of affected credentials that were deleted later. */
export class DeletedAffectedCredentials1763800000160 implements MigrationInterface {
  name = 'DeletedAffectedCredentials1763800000160';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'incident_deleted_credentials', [
      uuid('id').primary(),
      reference('incident_id', 'security_incidents', 'CASCADE'),
      uuid('client_id').optional(),
      text('service_name'),
      json('readers'),
      moment('rotated_at').plain().optional(),
      moment('deleted_at').plain(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'incident_deleted_credentials');
  }
}
