import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable, customFields, day, dropTables, flag, json, long, reference, resourceColumns, text,
} from '../src/core/database/ddl.js'; // prettier-ignore

/** Domains of the clients. */
export class Domains1763800002200 implements MigrationInterface {
  name = 'Domains1763800002200';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'domains', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'CASCADE'),
      text('name', 253).indexed(),
      text('name_key', 64).optional().unique(),
      text('registrar').optional().indexed(),
      day('expires_on').optional(),
      flag('auto_renew'),
      json('nameservers').optional(),
      long('notes').optional(),
      customFields(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'domains');
  }
}
