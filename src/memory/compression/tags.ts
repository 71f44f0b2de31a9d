/** What is told by which words; a tag is written as it is found most often. */
const KNOWN: Record<string, readonly string[]> = {
  'active-directory': ['active directory', 'domain controller', 'ldap', 'gpo', 'group policy'],
  'microsoft-365': [
    'microsoft 365',
    'office 365',
    'o365',
    'm365',
    'sharepoint',
    'onedrive',
    'exchange online',
  ],
  exchange: ['exchange server', 'exchange'],
  azure: ['azure', 'entra', 'intune'],
  aws: ['aws', 's3', 'ec2'],
  windows: ['windows', 'powershell', 'rdp', 'registry'],
  linux: ['linux', 'ubuntu', 'debian', 'systemd', 'bash'],
  macos: ['macos'],
  docker: ['docker', 'dockerfile', 'container', 'compose'],
  kubernetes: ['kubernetes', 'kubectl', 'helm'],
  vmware: ['vmware', 'esxi', 'vsphere', 'vcenter'],
  'hyper-v': ['hyper-v', 'hyperv'],
  proxmox: ['proxmox'],
  firewall: ['firewall', 'fortigate', 'pfsense', 'sonicwall', 'opnsense'],
  vpn: ['vpn', 'wireguard', 'ipsec', 'openvpn'],
  network: [
    'vlan',
    'the switch',
    'core switch',
    'switches',
    'switch port',
    'router',
    'subnet',
    'dhcp',
    'network',
    'netzwerk',
  ],
  wifi: ['wifi', 'wi-fi', 'wlan', 'access point', 'ssid'],
  dns: ['dns', 'nameserver'],
  email: [
    'email',
    'mail',
    'smtp',
    'imap',
    'dkim',
    'spf',
    'dmarc',
    'mailbox',
    'mailboxes',
    'postfach',
    'postfächer',
  ],
  backup: [
    'backup',
    'backups',
    'veeam',
    'restore',
    'snapshot',
    'tape',
    'tapes',
    'sicherung',
    'datensicherung',
  ],
  storage: ['storage', 'nas', 'san', 'raid', 'iscsi', 'nfs', 'share'],
  printer: ['printer', 'printers', 'print', 'toner', 'scanner', 'scanners', 'drucker', 'spooler'],
  phone: ['voip', 'sip', 'pbx', 'phone', 'phones', 'telefon', 'telefone'],
  security: ['security', 'phishing', 'malware', 'ransomware', 'mfa', '2fa', 'edr', 'antivirus'],
  certificate: ['certificate', 'certificates', 'zertifikat', 'tls', 'ssl', 'acme challenge', "let's encrypt"],
  monitoring: ['monitoring', 'alert', 'alerts', 'zabbix', 'grafana', 'prometheus'],
  database: ['database', 'sql', 'query', 'migration'],
  mariadb: ['mariadb', 'mysql'],
  postgresql: ['postgresql', 'postgres'],
  sqlite: ['sqlite'],
  redis: ['redis'],
  api: ['api', 'rest api', 'endpoint', 'webhook'],
  git: ['git', 'rebase', 'merge conflict', 'pull request'],
  ci: ['ci', 'pipeline', 'github actions', 'jenkins'],
  typescript: ['typescript', 'tsconfig'],
  javascript: ['javascript', 'node.js', 'nodejs', 'npm'],
  python: ['python', 'pip', 'django', 'fastapi'],
  php: ['php', 'laravel', 'composer'],
  rust: ['rust', 'cargo'],
  go: ['golang'],
  react: ['react'],
  nestjs: ['nestjs'],
  nginx: ['nginx'],
  apache: ['apache'],
  testing: ['jest', 'test', 'tests', 'unit test'],
  performance: ['performance', 'slow', 'latency'],
  deployment: ['deployment', 'deploy', 'deployed', 'release'],
};

const TAGS = new Map(
  Object.entries(KNOWN).flatMap(([tag, words]) => words.map(word => [word, tag] as const)),
);

/** Of a text no more than this is read. */
const MOST_CHARACTERS = 65_536;
const MOST_TAGS = 8;
const WORDS = /[\p{L}\p{N}]+(?:['.-][\p{L}\p{N}]+)*/gu;

/**
 * What a text is about, as tags out of a fixed set, those that are named most often first, at most 8 of them. A fixed
 * set, because tags are to group: a tag of one row groups nothing. Takes time in proportion to the length.
 */
export function extractTagsFromText(text: string): string[] {
  const counts = new Map<string, number>();
  let before = '';
  for (const [found] of text.slice(0, MOST_CHARACTERS).toLowerCase().matchAll(WORDS)) {
    const tag = TAGS.get(`${before} ${found}`) ?? TAGS.get(found);
    if (tag !== undefined) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    before = found;
  }
  return [...counts]
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .slice(0, MOST_TAGS)
    .map(([tag]) => tag);
}
