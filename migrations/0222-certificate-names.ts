import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, json, text } from '../src/core/database/ddl.js';

const columns = () => [text('certificate_issuer', 500).optional(), json('certificate_names').optional()];

/** Who issued a certificate, and for which names: of those that are there from their next write on, since they are sealed. */
export class CertificateNames1763800002220 implements MigrationInterface {
  name = 'CertificateNames1763800002220';

  up(runner: QueryRunner): Promise<void> {
    return addColumns(runner, 'credentials', columns());
  }

  down(runner: QueryRunner): Promise<void> {
    return dropColumns(runner, 'credentials', columns());
  }
}
