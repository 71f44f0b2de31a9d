import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, whole } from '../src/core/database/ddl.js';

const columns = () => [whole('attempts').plain().optional()];

/** How often an import has met something that was away, so that none waits for ever. */
export class ImportAttempts1763800002400 implements MigrationInterface {
  name = 'ImportAttempts1763800002400';

  up(runner: QueryRunner): Promise<void> {
    return addColumns(runner, 'import_jobs', columns());
  }

  down(runner: QueryRunner): Promise<void> {
    return dropColumns(runner, 'import_jobs', columns());
  }
}
