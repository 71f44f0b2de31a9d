import { type DemoRow, fakeSecret, inDays, rowsOf } from './seed-row.js';
import { CLIENTS } from './client-rows.js';

const SITES = rowsOf('sites', {
  'dental-quay': {
    client_id: '@dental',
    name: 'Quay Street',
    network_subnet: '10.20.0.0/24',
    gateway_ip: '10.20.0.1',
    dns_servers: ['10.20.0.10', '10.20.0.11'],
    address: '12 Quay Street, Portsmouth',
    timezone: 'America/New_York',
  },
  'dental-mill': {
    client_id: '@dental',
    name: 'Mill Road',
    network_subnet: '10.21.0.0/24',
    gateway_ip: '10.21.0.1',
    vpn_required: true,
    vpn_subnet: '10.29.0.0/24',
  },
  'legal-office': {
    client_id: '@legal',
    name: 'Head office',
    network_subnet: '192.168.40.0/24',
    gateway_ip: '192.168.40.1',
    dns_servers: ['192.168.40.5'],
    timezone: 'Europe/Stockholm',
  },
  'foundry-plant': {
    client_id: '@foundry',
    name: 'Plant',
    network_subnet: '172.20.0.0/22',
    gateway_ip: '172.20.0.1',
    vpn_required: true,
    vpn_subnet: '172.20.8.0/24',
    notes: 'The furnace controllers stand in a network without internet.',
  },
});

const CONTACTS = rowsOf('contacts', {
  ines: {
    client_id: '@dental',
    site_id: '@dental-quay',
    name: 'Ines Okafor',
    role: 'primary',
    email: 'ines@harbourdental.example',
    phone: '+1 555 0101',
    is_important: true,
  },
  tom: {
    client_id: '@dental',
    name: 'Tom Abel',
    role: 'billing',
    email: 'billing@harbourdental.example',
  },
  maja: {
    client_id: '@legal',
    site_id: '@legal-office',
    name: 'Maja Lindqvist',
    role: 'primary',
    email: 'maja@lindqvist.example',
    is_important: true,
  },
  cal: {
    client_id: '@foundry',
    site_id: '@foundry-plant',
    name: 'Cal Rourke',
    role: 'technical',
    email: 'cal@ternvalley.example',
    mobile: '+1 555 0142',
  },
});

const TAGS = rowsOf('tags', {
  'tag-m365': { name: 'microsoft 365', category: 'technology', color: '#1e90ff' },
  'tag-backup': { name: 'backup', category: 'service', color: '#2e8b57' },
  'tag-firewall': { name: 'firewall', category: 'infrastructure', color: '#b22222' },
  'tag-phishing': { name: 'phishing', category: 'problem_type', color: '#ff8c00' },
  'tag-migration': { name: 'migration', category: 'action', color: '#6a5acd' },
});

const MACHINES = rowsOf('machines', {
  'bench-1': () => ({
    hostname: 'msp-bench-01',
    friendly_name: 'Workbench',
    machine_type: 'desktop',
    platform: 'win32',
    os_version: 'Windows 11 Pro',
    has_vpn_access: true,
    vpn_profiles: ['Harbour Dental', 'Tern Valley'],
    has_powershell: true,
    powershell_version: '7.4',
    typical_network_location: 'office',
    is_primary: true,
    last_seen_at: inDays(-1),
  }),
  'laptop-1': () => ({
    hostname: 'msp-laptop-02',
    friendly_name: 'On-site laptop',
    machine_type: 'laptop',
    platform: 'darwin',
    os_version: 'macOS 15',
    has_docker: true,
    typical_network_location: 'mobile',
    last_seen_at: inDays(-3),
  }),
});

/** They own the work of the demo, and cannot log in. */
const technician = (name: string, email: string) => () => ({
  name,
  email,
  password: fakeSecret(),
  scopes: ['msp:read', 'msp:write'],
  is_active: false,
});

const TECHNICIANS = rowsOf('users', {
  ana: technician('Ana Ferreira (demo)', 'ana@msp.example'),
  ben: technician('Ben Achterberg (demo)', 'ben@msp.example'),
  cleo: technician('Cleo Marsh (demo)', 'cleo@msp.example'),
  dirk: technician('Dirk Osei (demo)', 'dirk@msp.example'),
});

/** Clients and what is known of them. */
export function directoryRows(): DemoRow[] {
  return [...TECHNICIANS, ...CLIENTS, ...SITES, ...CONTACTS, ...TAGS, ...MACHINES];
}
