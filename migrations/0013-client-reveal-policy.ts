import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What revealing the credentials of a client asks for at least. */
export class ClientRevealPolicy1763800000130 implements MigrationInterface {
  name = 'ClientRevealPolicy1763800000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      "ALTER TABLE clients ADD COLUMN reveal_policy varchar(40) NOT NULL DEFAULT 'open' " +
        "CHECK (reveal_policy IN ('open', 'reason', 'otp', 'approval'))",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE clients DROP COLUMN reveal_policy');
  }
}
