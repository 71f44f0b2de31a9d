import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  big,
  choice,
  createTable,
  customFields,
  dropColumns,
  dropTables,
  flag,
  json,
  long,
  moment,
  reference,
  resourceColumns,
  text,
  uuid,
  whole,
} from '../src/core/database/ddl.js';

/** Whose rows had custom fields from the beginning; others have the column in the migration of their table. */
const TABLES = [
  'clients',
  'contacts',
  'sites',
  'tags',
  'machines',
  'projects',
  'infrastructure',
  'services',
  'networks',
  'firewall_rules',
  'sessions',
  'work_items',
  'service_relationships',
  'm365_tenants',
];
const KINDS = ['text', 'whole', 'decimal', 'flag', 'date', 'moment', 'choice', 'list', 'url', 'ip'];

export class CustomFields1763800000530 implements MigrationInterface {
  name = 'CustomFields1763800000530';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'custom_field_definitions',
      [
        ...resourceColumns(),
        text('resource', 60).indexed(),
        text('key', 63),
        text('label'),
        choice('kind', KINDS),
        json('choices').optional(),
        flag('is_required'),
        json('default').optional(),
        long('description').optional(),
        whole('position'),
        moment('removed_at').plain().optional(),
      ],
      { unique: [['resource', 'key']] },
    );
    await createTable(
      runner,
      'custom_field_values',
      [
        reference('definition_id', 'custom_field_definitions', 'CASCADE').plain(),
        uuid('row_id'),
        text('text_value', 500).optional(),
        big('number_value').optional(),
      ],
      {
        primary: ['definition_id', 'row_id'],
        index: [
          ['definition_id', 'text_value', 'row_id'],
          ['definition_id', 'number_value', 'row_id'],
          ['row_id'],
        ],
      },
    );
    for (const table of TABLES) await addColumns(runner, table, [customFields()]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await dropColumns(runner, table, [customFields()]);
    await dropTables(runner, 'custom_field_values', 'custom_field_definitions');
  }
}
