import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, dropTables, flag, long, reference, resourceColumns, text, whole,
} from '../src/core/database/ddl.js'; // prettier-ignore

export class FirewallRules1763800000200 implements MigrationInterface {
  name = 'FirewallRules1763800000200';

  async up(runner: QueryRunner): Promise<void> {
    const columns = [
      ...resourceColumns(),
      reference('infrastructure_id', 'infrastructure', 'CASCADE'),
      reference('client_id', 'clients', 'SET NULL').optional(),
      text('name').optional(),
      whole('rule_order'),
      choice('direction', ['inbound', 'outbound', 'both']),
      choice('action', ['allow', 'deny', 'drop', 'reject']),
      choice('protocol', ['any', 'tcp', 'udp', 'icmp']),
      text('source_cidr', 43).optional(),
      text('source_port').optional(),
      text('destination_cidr', 43).optional(),
      text('destination_port').optional(),
      flag('enabled'),
      flag('logging'),
      long('description').optional(),
    ];
    await createTable(runner, 'firewall_rules', columns, { unique: [['infrastructure_id', 'rule_order']] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'firewall_rules');
  }
}
