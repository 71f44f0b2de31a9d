import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  choice, createTable, createTagTable, day, dropTables, flag, json, long, moment, reference, resourceColumns, text, uuid,
} from '../src/core/database/ddl.js'; // prettier-ignore

const TYPES = [
  'bec', 'backdoor', 'malware', 'unauthorized_access', 'data_breach', 'phishing', 'ransomware', 'brute_force', 'other',
]; // prettier-ignore

/** Security incidents, their timelines, affected credentials and deadlines. */
export class Incidents1763800000080 implements MigrationInterface {
  name = 'Incidents1763800000080';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'security_incidents', [
      ...resourceColumns(),
      reference('client_id', 'clients', 'SET NULL').optional(),
      reference('service_id', 'services', 'SET NULL').optional(),
      reference('infrastructure_id', 'infrastructure', 'SET NULL').optional(),
      choice('incident_type', TYPES),
      day('incident_date'),
      choice('severity', ['medium', 'critical', 'high', 'low']),
      text('title', 500),
      long('description').optional(),
      long('findings').optional(),
      long('remediation_steps').optional(),
      choice('status', ['investigating', 'contained', 'resolved', 'monitoring']),
      choice('outcome', ['undetermined', 'true_positive', 'false_positive', 'benign']),
      long('root_cause').optional(),
      moment('detected_at').optional(),
      moment('aware_at').optional(),
      moment('contained_at').optional(),
      moment('resolved_at').optional(),
      flag('is_personal_data'),
      text('detection_key', 200).optional(),
      text('open_detection', 200).optional().unique(),
    ]);
    await createTable(runner, 'incident_timeline', [
      uuid('id').primary(),
      reference('incident_id', 'security_incidents', 'CASCADE'),
      moment('at'),
      choice('kind', ['note', 'finding', 'action', 'communication', 'detection', 'status', 'reopened']),
      long('text'),
      flag('client_visible'),
      uuid('actor_id').optional(),
      text('actor'),
      json('journal_ids').optional(),
      moment('created_at').plain(),
    ]);
    await createTable(
      runner,
      'incident_credentials',
      [
        uuid('id').primary(),
        reference('incident_id', 'security_incidents', 'CASCADE').plain(),
        reference('credential_id', 'credentials', 'CASCADE'),
        moment('added_at').plain(),
        moment('marked_at').plain().optional(),
        moment('rotated_at').plain().optional(),
      ],
      { unique: [['incident_id', 'credential_id']] },
    );
    await createTable(
      runner,
      'incident_deadlines',
      [
        uuid('id').primary(),
        reference('incident_id', 'security_incidents', 'CASCADE').plain(),
        choice('template', ['gdpr_72h', 'nis2_24h', 'nis2_72h', 'nis2_1_month']).plain().optional(),
        text('label'),
        moment('due_at'),
        moment('notified_at').optional(),
        text('reference', 500).optional(),
        moment('created_at').plain(),
      ],
      { unique: [['incident_id', 'template']] },
    );
    await createTagTable(runner, 'security_incident');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(
      runner,
      'security_incident_tags',
      'incident_deadlines',
      'incident_credentials',
      'incident_timeline',
      'security_incidents',
    );
  }
}
