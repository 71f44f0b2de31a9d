import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, dropTables, reference, resourceColumns } from '../src/core/database/ddl.js';

const ASSETS = {
  infrastructure_id: 'infrastructure',
  service_id: 'services',
  network_id: 'networks',
  m365_tenant_id: 'm365_tenants',
  site_id: 'sites',
};

/** Further assets that credentials are for. */
export class CredentialLinks1763800000370 implements MigrationInterface {
  name = 'CredentialLinks1763800000370';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'credential_links',
      [
        ...resourceColumns(),
        reference('client_id', 'clients', 'SET NULL').optional(),
        reference('credential_id', 'credentials', 'CASCADE').plain(),
        ...Object.entries(ASSETS).map(([name, table]) => reference(name, table, 'CASCADE').optional()),
      ],
      { unique: Object.keys(ASSETS).map(name => ['credential_id', name]) },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'credential_links');
  }
}
