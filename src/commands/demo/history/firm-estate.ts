import type { Body } from '../../../core/resource/resource.service.js';
import { fakeSecret } from '../seed-row.js';
import type { Firm } from './firms.js';
import type { Calendar } from './calendar.js';
import type { Random } from './random.js';

/** A row of the history. Fields of the form `@label` refer to an earlier row of the same client. */
export interface HistoryRow {
  path: string;
  label?: string;
  body: Body;
}

/** The servers of a client, by what they do. */
const SERVERS = [
  ['hv', 'physical_server', 'Host of the virtual machines', 'Windows Server', '2022'],
  ['dc', 'domain_controller', 'Domain controller, DNS, DHCP', 'Windows Server', '2022'],
  ['app', 'virtual_machine', 'Application and database', 'Windows Server', '2019'],
  ['nas', 'nas_storage', 'Files, target of the backups', 'DSM', '7.2'],
  ['fw', 'firewall', 'Firewall and VPN', 'OPNsense', '25.1'],
  ['sw', 'network_device', 'Core switch', 'IOS', '17.9'],
] as const;

/** Every n-th client has the same third octet of its networks in another block. */
export const blockOf = (index: number) => `10.${40 + index}`;

function places(firm: Firm, index: number, random: Random): HistoryRow[] {
  const block = blockOf(index);
  const second = firm.seats > 60;
  const site = (label: string, name: string, octet: number): HistoryRow => ({
    path: 'sites',
    label,
    body: {
      client_id: '@client',
      name,
      network_subnet: `${block}.${octet}.0/24`,
      gateway_ip: `${block}.${octet}.1`,
      dns_servers: [`${block}.0.11`],
      address: `${random.whole(1, 180)} ${random.pick(['Station Road', 'Mill Lane', 'High Street'])}, ${firm.town}`,
      timezone: firm.timezone,
    },
  });
  const person = (name: string, role: string): HistoryRow => ({
    path: 'contacts',
    body: {
      client_id: '@client',
      site_id: '@site',
      name,
      role,
      email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@${firm.domain}`,
      phone: `+1 555 01${random.whole(10, 99)}`,
      is_important: role === 'primary',
    },
  });
  return [
    site('site', 'Head office', 0),
    ...(second ? [site('branch', 'Branch', 8)] : []),
    person(firm.contact, 'primary'),
    person(
      `${random.pick(['Alex', 'Sam', 'Robin', 'Kim'])} ${random.pick(['Reed', 'Vogel', 'Moss'])}`,
      'billing',
    ),
    person(`${random.pick(['Jo', 'Chris', 'Toni'])} ${random.pick(['Hart', 'Lund', 'Bauer'])}`, 'technical'),
    ...networks(block, second),
  ];
}

function networks(block: string, second: boolean): HistoryRow[] {
  const network = (name: string, network_type: string, octet: number, vlan_id: number): HistoryRow => ({
    path: 'networks',
    body: {
      client_id: '@client',
      site_id: octet < 8 ? '@site' : '@branch',
      name,
      network_type,
      cidr: `${block}.${octet}.0/24`,
      gateway_ip: `${block}.${octet}.1`,
      vlan_id,
      dhcp_start: `${block}.${octet}.100`,
      dhcp_end: `${block}.${octet}.199`,
    },
  });
  return [
    network('Office', 'lan', 0, 10),
    network('Guests', 'guest', 4, 40),
    network('VPN', 'vpn', 6, 60),
    ...(second ? [network('Branch', 'lan', 8, 80)] : []),
  ];
}

function machines(firm: Firm, index: number, calendar: Calendar, random: Random): HistoryRow[] {
  const servers = SERVERS.map(([short, asset_type, role_description, os, os_version], n): HistoryRow => ({
    path: 'infrastructure',
    label: short,
    body: {
      client_id: '@client',
      site_id: '@site',
      asset_type,
      hostname: `${firm.code}-${short}01`,
      ip_address: `${blockOf(index)}.0.${10 + n}`,
      os,
      os_version,
      role_description,
      parent_host_id: short === 'dc' || short === 'app' ? '@hv' : null,
      serial_number: `DEMO-${firm.code.toUpperCase()}-${1000 + n}`,
      purchased_on: calendar.dayBefore(random.whole(200, 1500)),
      warranty_expires_on: calendar.dayBefore(random.whole(-700, 90)),
    },
  }));
  const desks = Array.from({ length: Math.min(6, Math.ceil(firm.seats / 25)) }, (_, n): HistoryRow => ({
    path: 'infrastructure',
    body: {
      client_id: '@client',
      site_id: '@site',
      asset_type: n % 3 === 2 ? 'printer' : 'workstation',
      hostname: `${firm.code}-${n % 3 === 2 ? 'prn' : 'ws'}${String(n + 1).padStart(2, '0')}`,
      ip_address: `${blockOf(index)}.0.${60 + n}`,
      os: n % 3 === 2 ? null : 'Windows 11 Pro',
    },
  }));
  return [...servers, ...desks];
}

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

/** The client itself, its people and places, its machines with what runs on them, and the ways in. */
export function estateOf(firm: Firm, index: number, calendar: Calendar, random: Random): HistoryRow[] {
  const client: HistoryRow = {
    path: 'clients',
    label: 'client',
    body: {
      name: firm.name,
      domain_name: firm.domain,
      primary_contact: firm.contact,
      email: `office@${firm.domain}`,
      website: `https://${firm.domain}`,
      timezone: firm.timezone,
      currency: firm.currency,
      default_hourly_rate: firm.rate,
      external_refs: { syncro: String(5000 + index) },
      custom_fields: { contract: firm.seats > 30 ? 'managed' : 'break-fix' },
      notes: `${firm.seats} seats in ${firm.town}.`,
    },
  };
  return [
    client,
    ...places(firm, index, random),
    ...machines(firm, index, calendar, random),
    ...firewallRules(index),
    ...services(firm),
    ...secrets(firm, index, calendar, random),
    cloud(firm, index, calendar),
  ];
}
