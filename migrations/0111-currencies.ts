import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['clients', 'billable_time'];

/** Currencies that were stored as they were written are in upper case, as they have been kept since. */
export class Currencies1763800001110 implements MigrationInterface {
  name = 'Currencies1763800001110';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await runner.query(
        `UPDATE ${table} SET currency = UPPER(currency), version = version + 1 WHERE currency <> UPPER(currency)`,
      );
  }

  /** How they were written is not known any more. */
  async down(): Promise<void> {}
}
