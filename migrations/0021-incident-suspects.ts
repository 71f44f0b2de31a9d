import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns, uuid } from '../src/core/database/ddl.js';

const COLUMNS = [uuid('suspect_id').optional()];
/** Detections of one user: the id follows this in their key. */
const KEYS = ['mass_reveal:', 'refused_reveals:'];

/** Whom an incident is about that a detection has opened; for those from before it is in the key of the detection. */
export class IncidentSuspects1763800000210 implements MigrationInterface {
  name = 'IncidentSuspects1763800000210';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'security_incidents', COLUMNS);
    for (const key of KEYS)
      await runner.query(
        `UPDATE security_incidents SET suspect_id = SUBSTR(detection_key, ${key.length + 1}, 36) ` +
          `WHERE detection_key LIKE '${key}%'`,
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'security_incidents', COLUMNS);
  }
}
