import { servicesOf } from './firm-services.js';
import type { Firm } from './firms.js';
import { blockOf, type HistoryRow } from './history-row.js';
import type { Calendar } from './calendar.js';
import type { Random } from './random.js';

/** The servers of a client, by what they do. */
const SERVERS = [
  ['hv', 'physical_server', 'Host of the virtual machines', 'Windows Server', '2022'],
  ['dc', 'domain_controller', 'Domain controller, DNS, DHCP', 'Windows Server', '2022'],
  ['app', 'virtual_machine', 'Application and database', 'Windows Server', '2019'],
  ['nas', 'nas_storage', 'Files, target of the backups', 'DSM', '7.2'],
  ['fw', 'firewall', 'Firewall and VPN', 'OPNsense', '25.1'],
  ['sw', 'network_device', 'Core switch', 'IOS', '17.9'],
] as const;

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
    ...servicesOf(firm, index, calendar, random),
  ];
}
