import { dayIn, type DemoRow, fakeSecret, inDays, rowsOf } from './seed-row.js';

const CREDENTIALS = rowsOf('credentials', {
  'dental-admin': () => ({
    client_id: '@dental',
    service_id: '@dental-ad',
    infrastructure_id: '@dental-dc',
    credential_type: 'password',
    service_name: 'Active Directory',
    username: 'HDG\\svc-msp',
    rotate_every_days: 90,
    reveal_policy: 'reason',
    password: fakeSecret(),
    tags: ['microsoft 365'],
  }),
  'dental-fw': () => ({
    client_id: '@dental',
    infrastructure_id: '@dental-firewall',
    credential_type: 'password',
    service_name: 'Firewall',
    username: 'root',
    internal_url: 'https://10.20.0.1',
    requires_vpn: true,
    password: fakeSecret(),
    tags: ['firewall'],
  }),
  'dental-backup-key': () => ({
    client_id: '@dental',
    service_id: '@dental-backup',
    credential_type: 'api_key',
    service_name: 'Backup vendor',
    username: 'harbour-dental',
    expires_at: inDays(25),
    api_key: fakeSecret(),
    tags: ['backup'],
  }),
  'legal-db': () => ({
    client_id: '@legal',
    service_id: '@legal-dms',
    credential_type: 'connection_string',
    service_name: 'Document management',
    username: 'dms',
    connection_string: `postgresql://dms:${fakeSecret()}@192.168.40.5:5432/dms`,
  }),
  'foundry-remote': () => ({
    client_id: '@foundry',
    site_id: '@foundry-plant',
    credential_type: 'shared_secret',
    service_name: 'VPN of the plant',
    username: 'msp',
    requires_vpn: true,
    shared_secret: fakeSecret(),
  }),
  'own-registrar': () => ({
    visibility: 'pool',
    credential_type: 'password',
    service_name: 'Registrar',
    username: 'service@msp.example',
    external_url: 'https://registrar.example',
    requires_2fa: true,
    expires_at: inDays(300),
    password: fakeSecret(),
  }),
});

const INCIDENTS = rowsOf('security-incidents', {
  'legal-phish': () => ({
    client_id: '@legal',
    incident_type: 'phishing',
    incident_date: dayIn(-6),
    severity: 'high',
    title: 'Invoice mail with a copied log-in page',
    description: 'Two people opened the page, one of them typed a password.',
    remediation_steps: 'Password changed, sessions ended, rule for the sender.',
    tags: ['phishing'],
  }),
  'dental-noise': () => ({
    client_id: '@dental',
    incident_type: 'brute_force',
    incident_date: dayIn(-30),
    severity: 'low',
    title: 'Log-in attempts at the firewall',
    findings: 'From the internet, against accounts that do not exist.',
    tags: ['firewall'],
  }),
});

/** Credentials with secrets that are made at this moment, and incidents. */
export function vaultRows(): DemoRow[] {
  return [...CREDENTIALS, ...INCIDENTS];
}
