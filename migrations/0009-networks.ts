import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice,
  createTable,
  dropTables,
  json,
  long,
  reference,
  resourceColumns,
  text,
  whole,
} from '../src/core/database/ddl.js';

export class Networks1763800000090 implements MigrationInterface {
  name = 'Networks1763800000090';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'networks', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'CASCADE'),
      reference('site_id', 'sites', 'SET NULL').optional(),
      text('name').indexed(),
      choice('network_type', ['lan', 'vpn', 'vlan', 'isolated', 'dmz', 'guest', 'wan']),
      text('cidr', 43),
      text('gateway_ip', 45).optional(),
      json('dns_servers').optional(),
      whole('vlan_id').optional(),
      text('dhcp_start', 45).optional(),
      text('dhcp_end', 45).optional(),
      long('notes').optional(),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'networks');
  }
}
