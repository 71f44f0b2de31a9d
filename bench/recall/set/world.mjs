/** The day on which all of it is asked; the sessions are in the fourteen months before. */
export const ASKED_AT = '2026-06-30T12:00:00.000Z';

/** What the facts of all clients are drawn from: few values, so that clients are easily mistaken for each other. */
const CLIENTS = [
  'Kestrel Dental Group', 'Harbour Logistics', 'Northfield Primary School', 'Bramble & Finch Solicitors',
  'Tidewater Marine', 'Oakridge Veterinary', 'Sterling Accountancy', 'Juniper Hotels', 'Ashcombe Brewery',
  'Lindqvist Architects', 'Morrow Estate Agents', 'Pinnacle Fitness', 'Quarry Lane Surgery', 'Redwood Joinery',
  'Saltmarsh Foods', 'Thornbury Insurance', 'Umbra Lighting', 'Vale Opticians', 'Westgate Print',
  'Yarrow Care Homes', 'Zephyr Couriers', 'Copperfield Books', 'Delamere Farms', 'Ellison Engineering',
]; // prettier-ignore

const POOLS = {
  site: ['head office', 'warehouse', 'Bristol branch', 'Leeds branch', 'annex', 'showroom', 'reception building'],
  vlan: ['10', '20', '30', '40', '50', '60', '99', '110', '120', '200'],
  firewall: ['FortiGate 60F', 'SonicWall TZ370', 'WatchGuard T45', 'Sophos XGS 107', 'Meraki MX68'],
  switch: ['Aruba 2930F', 'Catalyst 9200L', 'UniFi USW-48', 'Netgear M4300'],
  nas: ['Synology RS1221+', 'QNAP TS-873A', 'Synology DS923+'],
  backup: ['Veeam', 'Datto', 'Acronis', 'Nakivo', 'MSP360'],
  cloud: ['Wasabi', 'Backblaze', 'Azure Blob', 'an S3 bucket in Frankfurt'],
  isp: ['BT Business', 'Zen Internet', 'Virgin Media', 'TalkTalk', 'Gamma'],
  speed: ['100/100', '500/500', '80/20', '900/900', '1000/220'],
  person: ['Priya Nair', 'Tom Okafor', 'Helen Marsh', 'Luca Bianchi', 'Sofia Keller', 'Grant Doyle', 'Mei Tanaka', 'Ruth Adler', 'Omar Haddad', 'Clara Novak'],
  role: ['office manager', 'finance director', 'practice manager', 'operations lead', 'facilities contact'],
  weekday: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  hour: ['18:30', '19:00', '20:15', '21:00', '22:30', '23:00', '01:30', '02:00', '04:45'],
  days: ['14', '21', '30', '45', '60', '90'],
  months: ['6', '12', '18', '24', '36'],
  minutes: ['5', '10', '15', '30', '45'],
  money: ['85', '95', '110', '125', '140', '165'],
  count: ['12', '18', '25', '40', '65', '80'],
  edr: ['SentinelOne', 'Defender for Business', 'CrowdStrike', 'Huntress', 'Bitdefender'],
  mail: ['Microsoft 365 Business Premium', 'Exchange Online Plan 1', 'Google Workspace', 'Microsoft 365 Business Basic'],
  filter: ['Mimecast', 'Barracuda', 'Proofpoint Essentials', 'Hornetsecurity'],
  phones: ['3CX', 'Teams Phone', 'RingCentral', 'Mitel'],
  handset: ['Yealink T54W', 'Poly VVX 350', 'Snom D735', 'Grandstream GXP2170'],
  app: ['Sage 200', 'Dentrix', 'QuickBooks Desktop', 'Autodesk Vault', 'LEAP', 'Xero Practice'],
  printer: ['HP M507', 'Kyocera 3554ci', 'Brother L6400', 'Xerox C8130', 'Canon iR-ADV'],
  version: ['7.2.5', '7.4.1', '6.5.4', '12.3', '11.1.2', '10.4', '21.0.3', '9.18'],
  ups: ['APC SMT1500', 'Eaton 5PX', 'CyberPower OR1500'],
  registrar: ['Gandi', '123-reg', 'Cloudflare', 'Namecheap', 'GoDaddy'],
  os: ['Server 2016', 'Server 2019', 'Server 2022', 'Ubuntu 22.04', 'Debian 12'],
  port: ['8443', '4443', '10443', '2222', '51820', '3391'],
  drive: ['G:', 'P:', 'S:', 'X:', 'W:'],
  place: ['behind reception', 'in the comms cupboard', 'under the stairs', 'in the loft', 'in the locked rack of the server room', 'above the suspended ceiling'],
  reason: ['it got no more updates', 'the supplier went bankrupt', 'the licence became too expensive', 'it kept dropping tunnels', 'the auditors asked for it', 'the fan was failing'],
  month_name: ['January', 'April', 'July', 'October', 'November'],
}; // prettier-ignore

const HOST_ROLES = ['dc', 'fs', 'sql', 'rds', 'app', 'hv', 'bkp', 'print'];

/** A number of a thing that only one thing has. */
const unique = random => String(10_000 + random.below(90_000));

/** What fills the place of a name in a sentence about a client. */
export function valueOf(slot, client, random) {
  if (slot === 'client') return client.name;
  if (slot === 'domain') return client.domain;
  if (slot === 'host') return random.one(client.hosts);
  if (slot === 'ip') return `${client.network}.${random.below(250) + 2}`;
  if (slot === 'ticket') return `INC-${unique(random)}`;
  if (slot === 'change') return `CHG${unique(random)}`;
  if (slot === 'asset') return `AST-${unique(random)}`;
  if (slot === 'serial')
    return `SN${unique(random)}${random.one(['A', 'C', 'F', 'K'])}${random.below(90) + 10}`;
  const pool = POOLS[slot];
  if (!pool) throw new Error(`There is no pool of ${slot}`);
  return random.one(pool);
}

/** The clients of a set: name, hosts with the same names as elsewhere, a network like that of others. */
export function clientsOf(count, random) {
  return Array.from({ length: count }, (_, n) => {
    const name = CLIENTS[n % CLIENTS.length] ?? '';
    const short = name.split(' ')[0] ?? name;
    const site = random.one(['hq', 'lds', 'brs', short.slice(0, 3).toLowerCase()]);
    const hosts = random
      .some(HOST_ROLES, 5)
      .map(role => `${random.is(0.5) ? 'srv' : site}-${role}0${random.below(3) + 1}`);
    const network = `${random.one(['10.0', '10.20', '192.168'])}.${random.one(['1', '10', '20', '30'])}`;
    return { name, short, domain: `${short.toLowerCase()}.example`, hosts, network };
  });
}
