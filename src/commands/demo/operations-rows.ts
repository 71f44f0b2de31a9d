import { type DemoRow, inDays, rowsOf } from './seed-row.js';

/** What holds the provider itself together. */
export function operationsRows(): DemoRow[] {
  return [
    ...rowsOf('integration-credentials', {
      'own-tickets': () => ({
        system: 'syncro',
        auth_type: 'api_key',
        credential_id: '@own-registrar',
        base_url: 'https://tickets.msp.example/api',
        last_tested_at: inDays(-2),
        last_test_status: 'passed',
      }),
    }),
    ...rowsOf('external-integrations', {
      'own-exchange': {
        system: 'syncro',
        action: 'linked',
        request: { ticket: 20017 },
        status_code: 200,
      },
    }),
    ...rowsOf('backup-log', {
      nightly: () => ({
        backup_type: 'daily',
        file_path: '/backup/opskeep.sqlite',
        started_at: inDays(-1),
        finished_at: inDays(-1),
        verification: 'passed',
        method: 'VACUUM INTO',
      }),
    }),
    ...rowsOf('custom-field-definitions', {
      'asset tag': { resource: 'infrastructure', key: 'asset_tag', label: 'Asset tag', kind: 'text' },
      contract: {
        resource: 'clients',
        key: 'contract',
        label: 'Contract',
        kind: 'choice',
        choices: ['break-fix', 'managed', 'co-managed'],
      },
    }),
  ];
}
