import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndex, dialectOfRunner, indexName } from '../src/core/database/ddl.js';

/** Which secrets somebody has written is asked on the day when they leave. */
export class AuthorsOfSecrets1763800001600 implements MigrationInterface {
  name = 'AuthorsOfSecrets1763800001600';

  up(runner: QueryRunner): Promise<void> {
    return createIndex(runner, 'credential_secrets', ['author_id']);
  }

  async down(runner: QueryRunner): Promise<void> {
    const where = dialectOfRunner(runner) === 'sqlite' ? '' : ' ON credential_secrets';
    await runner.query(`DROP INDEX ${indexName('credential_secrets', ['author_id'])}${where}`);
  }
}
