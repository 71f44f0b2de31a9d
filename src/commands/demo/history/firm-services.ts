import type { Body } from '../../../core/resource/resource.service.js';
import { fakeSecret } from '../seed-row.js';
import type { Calendar } from './calendar.js';
import type { Firm } from './firms.js';
import { blockOf, type HistoryRow } from './history-row.js';
import type { Random } from './random.js';

/** The rules of its firewall, in their order; `.4` are the guests. */
function firewallRules(index: number): HistoryRow[] {
  const block = blockOf(index);
  const rule = (name: string, action: string, more: Body): HistoryRow => ({
    path: 'firewall-rules',
    body: { infrastructure_id: '@fw', name, action, ...more },
  });
  return [
    rule('Guests stay outside', 'deny', {
      source_cidr: `${block}.4.0/24`,
      destination_cidr: `${block}.0.0/24`,
    }),
    rule('VPN', 'allow', { direction: 'inbound', protocol: 'udp', destination_port: '1194' }),
    rule('Office to the internet', 'allow', {
      direction: 'outbound',
      protocol: 'tcp',
      source_cidr: `${block}.0.0/24`,
      destination_port: '80,443',
    }),
    rule('Everything else', 'drop', { direction: 'inbound', logging: true }),
  ];
}

function services(firm: Firm): HistoryRow[] {
  const service = (label: string, name: string, host: string, more: Body): HistoryRow => ({
    path: 'services',
    label,
    body: { client_id: '@client', infrastructure_id: host, name, ...more },
  });
  const relation = (from: string, to: string, relationship_type: string): HistoryRow => ({
    path: 'service-relationships',
    body: { from_service_id: from, to_service_id: to, relationship_type },
  });
  return [
    service('ad', 'Active Directory', '@dc', { service_type: 'directory', protocol: 'other', port: 389 }),
    service('db', 'SQL Server', '@app', { service_type: 'database', protocol: 'sql', port: 1433 }),
    service('software', firm.software, '@app', { service_type: 'line of business', port: 443 }),
    service('backup', 'Nightly backup', '@nas', { service_type: 'backup', protocol: 'smb', port: 445 }),
    service('vpn', 'VPN', '@fw', { service_type: 'remote access', protocol: 'udp', port: 1194 }),
    relation('@software', '@db', 'depends_on'),
    relation('@software', '@ad', 'authenticates_via'),
    relation('@vpn', '@ad', 'authenticates_via'),
    relation('@backup', '@db', 'depends_on'),
  ];
}

function secrets(firm: Firm, index: number, calendar: Calendar, random: Random): HistoryRow[] {
  const credential = (service_name: string, username: string, more: Body): HistoryRow => ({
    path: 'credentials',
    label: `secret ${service_name}`,
    body: {
      client_id: '@client',
      credential_type: 'password',
      service_name,
      username,
      ...(more.credential_type === undefined ? { password: fakeSecret() } : {}),
      ...more,
    },
  });
  return [
    credential('Domain administrator', `${firm.code}\\administrator`, {
      infrastructure_id: '@dc',
      rotate_every_days: 90,
      reveal_policy: 'reason',
    }),
    credential('Firewall', 'root', {
      infrastructure_id: '@fw',
      internal_url: `https://${blockOf(index)}.0.14`,
      requires_vpn: true,
    }),
    credential('Storage', 'admin', { infrastructure_id: '@nas', rotate_every_days: 180 }),
    credential(firm.software, 'support', { service_id: '@software' }),
    credential('SQL Server', 'sa', { service_id: '@db', infrastructure_id: '@app' }),
    credential('Backup vendor', firm.domain, {
      service_id: '@backup',
      credential_type: 'api_key',
      api_key: fakeSecret(),
      expires_at: calendar.momentBefore(-random.whole(10, 300)),
    }),
  ];
}

function cloud(firm: Firm, index: number, calendar: Calendar): HistoryRow {
  const used = firm.seats - (firm.seats % 7);
  return {
    path: 'm365-tenants',
    body: {
      client_id: '@client',
      tenant_id: `0d000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      tenant_name: firm.name,
      default_domain: `${firm.code}demo.onmicrosoft.com`,
      domains: [firm.domain],
      admin_email: `admin@${firm.domain}`,
      subscription_summary: { 'Business Premium': { total: firm.seats, used } },
      user_count: used,
      mfa_enforced: index % 4 !== 0,
      conditional_access: index % 3 === 0,
      last_synced_at: calendar.momentBefore(1),
    },
  };
}

function domain(firm: Firm, calendar: Calendar, random: Random): HistoryRow {
  return {
    path: 'domains',
    body: {
      client_id: '@client',
      name: firm.domain,
      registrar: 'Example Registry',
      expires_on: calendar.momentBefore(-random.whole(5, 360)).slice(0, 10),
      auto_renew: firm.seats % 2 === 0,
      nameservers: [`ns1.${firm.domain}`, `ns2.${firm.domain}`],
    },
  };
}

/** What runs at a client, what may reach it, and the ways in. */
export function servicesOf(firm: Firm, index: number, calendar: Calendar, random: Random): HistoryRow[] {
  return [
    ...firewallRules(index),
    ...services(firm),
    ...secrets(firm, index, calendar, random),
    cloud(firm, index, calendar),
    domain(firm, calendar, random),
  ];
}
