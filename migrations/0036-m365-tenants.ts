import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable, dropTables, flag, json, long, moment, reference, resourceColumns, text, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

/** Microsoft 365 tenants. */
export class M365Tenants1763800000360 implements MigrationInterface {
  name = 'M365Tenants1763800000360';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'm365_tenants', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'CASCADE'),
      text('tenant_id', 36).indexed(),
      text('tenant_id_key', 64).optional().unique(),
      text('tenant_name').optional().indexed(),
      text('default_domain').indexed(),
      json('domains').optional(),
      text('admin_email', 254).optional(),
      text('cipp_name').optional().indexed(),
      json('subscription_summary').optional(),
      whole('user_count').optional(),
      flag('mfa_enforced').optional(),
      flag('conditional_access').optional(),
      json('granted_permissions').optional(),
      moment('last_synced_at').optional(),
      long('notes').optional(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'm365_tenants');
  }
}
