import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createFilterIndex,
  createIndex,
  decimal,
  dialectOfRunner,
  indexName,
} from '../src/core/database/ddl.js';

const DECIMALS = [
  { table: 'clients', column: decimal('default_hourly_rate') },
  { table: 'projects', column: decimal('estimated_hours') },
];
const FINGERPRINT = ['machine_fingerprint', 'id'];

/** SQLite's indexes of decimals hold what the lists order by: the number, not its text. */
export class OrdersOfLists1763800000580 implements MigrationInterface {
  name = 'OrdersOfLists1763800000580';

  async up(runner: QueryRunner): Promise<void> {
    await createIndex(runner, 'machines', FINGERPRINT);
    if (dialectOfRunner(runner) !== 'sqlite') return;
    for (const { table, column } of DECIMALS) {
      await runner.query(`DROP INDEX ${indexName(table, [column.name])}`);
      await createFilterIndex(runner, table, column);
    }
  }

  /** The indexes of decimals stay: they serve an older version as well. */
  async down(runner: QueryRunner): Promise<void> {
    const where = dialectOfRunner(runner) === 'sqlite' ? '' : ' ON machines';
    await runner.query(`DROP INDEX ${indexName('machines', FINGERPRINT)}${where}`);
  }
}
