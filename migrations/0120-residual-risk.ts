import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, long } from '../src/core/database/ddl.js';

const columns = () => [long('residual_risk').optional()];

/** What stays open when an incident is resolved, and why that is accepted. */
export class ResidualRisk1763800001200 implements MigrationInterface {
  name = 'ResidualRisk1763800001200';

  up(runner: QueryRunner): Promise<void> {
    return addColumns(runner, 'security_incidents', columns());
  }

  down(runner: QueryRunner): Promise<void> {
    return dropColumns(runner, 'security_incidents', columns());
  }
}
