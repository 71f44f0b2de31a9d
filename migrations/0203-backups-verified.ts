import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, moment } from '../src/core/database/ddl.js';

const columns = () => [moment('verified_at').optional()];

/** When a backup was looked at: a file that was changed later is another one. */
export class BackupsVerified1763800002030 implements MigrationInterface {
  name = 'BackupsVerified1763800002030';

  up(runner: QueryRunner): Promise<void> {
    return addColumns(runner, 'backup_log', columns());
  }

  down(runner: QueryRunner): Promise<void> {
    return dropColumns(runner, 'backup_log', columns());
  }
}
