import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOfRunner } from '../src/core/database/ddl.js';

/** Table, the field that refers to a row of a client, and the table of that row. */
const LINKS = [
  ['commands_run', 'infrastructure_id', 'infrastructure'],
  ['infrastructure_changes', 'infrastructure_id', 'infrastructure'],
  ['deployments', 'infrastructure_id', 'infrastructure'],
  ['deployments', 'service_id', 'services'],
  ['database_changes', 'infrastructure_id', 'infrastructure'],
  ['service_relationships', 'to_service_id', 'services'],
  ['credential_links', 'infrastructure_id', 'infrastructure'],
  ['credential_links', 'service_id', 'services'],
  ['credential_links', 'network_id', 'networks'],
  ['credential_links', 'm365_tenant_id', 'm365_tenants'],
  ['credential_links', 'site_id', 'sites'],
] as const;

/**
 * What was done in a session without a client has that of what it was done to, as it has from now on, and a link of a
 * credential without one that of what it leads to.
 */
export class ClientsOfDetails1763800001100 implements MigrationInterface {
  name = 'ClientsOfDetails1763800001100';

  async up(runner: QueryRunner): Promise<void> {
    const isSqlite = dialectOfRunner(runner) === 'sqlite';
    for (const [table, field, parent] of LINKS) {
      const set = `SET client_id = theirs, version = version + 1`;
      const known = `(SELECT id AS known_id, client_id AS theirs FROM ${parent} WHERE client_id IS NOT NULL) known`;
      const on = `known_id = ${table}.${field}`;
      const where = `${table}.client_id IS NULL`;
      await runner.query(
        isSqlite
          ? `UPDATE ${table} ${set} FROM ${known} WHERE ${on} AND ${where}`
          : `UPDATE ${table} JOIN ${known} ON ${on} ${set} WHERE ${where}`,
      );
    }
  }

  /** Which rows had no client is not known any more. */
  async down(): Promise<void> {}
}
