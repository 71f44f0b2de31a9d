import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A client that is archived says so in its status and by the moment alike; who has either has both. */
export class ArchivedClients1763800001120 implements MigrationInterface {
  name = 'ArchivedClients1763800001120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      "UPDATE clients SET status = 'archived', version = version + 1 WHERE archived_at IS NOT NULL AND status <> 'archived'",
    );
    await runner.query(
      "UPDATE clients SET archived_at = updated_at, version = version + 1 WHERE archived_at IS NULL AND status = 'archived'",
    );
  }

  /** What said so alone is not known any more. */
  async down(): Promise<void> {}
}
