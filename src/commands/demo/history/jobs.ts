/** What technicians are called for, again and again. `{host}` and `{software}` stand for the client's own. */
export interface Job {
  title: string;
  category:
    'infrastructure' | 'troubleshooting' | 'configuration' | 'maintenance' | 'security' | 'documentation';
  labour: 'remote' | 'onsite' | 'emergency' | 'project' | 'warranty' | 'travel';
  /** Least and most minutes. */
  minutes: readonly [number, number];
  steps: readonly string[];
  commands?: readonly (readonly [shell: 'bash' | 'powershell' | 'cmd', text: string, output: string])[];
  change?: readonly [type: string, before: string, after: string];
  file?: readonly [path: string, description: string];
  database?: readonly [type: string, sql: string];
  deployment?: readonly [type: string, version: string];
  solution?: { problem: string; error: string; cause: string; cure: string };
  summary: string;
}

export const JOBS: readonly Job[] = [
  {
    title: 'Printer on {host} does not print',
    category: 'troubleshooting',
    labour: 'remote',
    minutes: [10, 40],
    steps: ['Looked at the queue on {host}', 'Cleared the queue and restarted the spooler'],
    commands: [['powershell', 'Restart-Service Spooler', '']],
    solution: {
      problem: 'Print jobs stay in the queue',
      error: 'The print spooler service is not running. Error 0x800706b5',
      cause: 'A damaged job stops the spooler',
      cure: 'Stop the spooler, empty C:\\Windows\\System32\\spool\\PRINTERS, start it again',
    },
    summary: 'The queue was blocked by one damaged job.',
  },
  {
    title: 'Monthly updates of the servers',
    category: 'maintenance',
    labour: 'remote',
    minutes: [60, 150],
    steps: [
      'Backup checked before the updates',
      'Updates installed on {host}',
      'Restarted, services checked',
    ],
    commands: [
      ['powershell', 'Get-WindowsUpdate -Install -AcceptAll -AutoReboot', '7 updates installed'],
      ['powershell', 'Get-Service | Where-Object Status -ne Running', ''],
    ],
    summary: 'All updates are in, everything runs.',
  },
  {
    title: 'New employee: account, mailbox, laptop',
    category: 'configuration',
    labour: 'remote',
    minutes: [45, 90],
    steps: ['Account and groups created', 'Mailbox licensed', 'Laptop enrolled and handed over'],
    commands: [['powershell', 'New-ADUser -Name $name -Enabled $true -Path $ou', '']],
    summary: 'Ready for the first day.',
  },
  {
    title: 'Employee left: accounts closed',
    category: 'security',
    labour: 'remote',
    minutes: [20, 45],
    steps: [
      'Sign-in blocked, sessions ended',
      'Mailbox shared with the successor',
      'Shared passwords rotated',
    ],
    commands: [['powershell', 'Revoke-MgUserSignInSession -UserId $id', 'True']],
    summary: 'No account is left open.',
  },
  {
    title: 'Backup of {host} failed',
    category: 'troubleshooting',
    labour: 'remote',
    minutes: [25, 80],
    steps: [
      'Read the log of the backup',
      'Freed space on the target',
      'Started the job again, and it passed',
    ],
    commands: [
      ['bash', 'df -h /volume1', '/dev/vg1/volume1  7.2T  7.1T  64G  99% /volume1'],
      ['bash', 'find /volume1/backup -name "*.vbk" -mtime +60 -delete', ''],
    ],
    solution: {
      problem: 'The nightly backup stops with too little space',
      error: 'Error: There is not enough space on the disk. Failed to write data to the file',
      cause: 'Old restore points were kept beyond the retention',
      cure: 'Delete chains older than 60 days, lower the retention to 30 points',
    },
    file: ['/volume1/@appconf/backup/retention.conf', '30 restore points instead of 60'],
    summary: 'The target was full.',
  },
  {
    title: 'No internet at {site}',
    category: 'troubleshooting',
    labour: 'emergency',
    minutes: [30, 120],
    steps: ['Line checked with the provider', 'Firewall restarted, the second line taken over'],
    change: [
      'routing',
      'Default route over the first line',
      'Default route over the second line, first as backup',
    ],
    summary: 'A fault of the provider; the second line carried on.',
  },
  {
    title: 'VPN for home offices',
    category: 'configuration',
    labour: 'remote',
    minutes: [40, 110],
    steps: ['Profile made on the firewall', 'Tested from outside', 'Instructions sent to {contact}'],
    change: ['firewall', 'No access from outside', 'VPN with certificates, split tunnel'],
    summary: 'Works with certificate and second factor.',
  },
  {
    title: '{software} is slow',
    category: 'troubleshooting',
    labour: 'remote',
    minutes: [45, 160],
    steps: ['Load of {host} measured', 'Index of the database rebuilt', 'Watched for a day'],
    commands: [['powershell', 'Get-Counter "\\PhysicalDisk(_Total)\\Avg. Disk Queue Length"', '14.2']],
    solution: {
      problem: 'The application answers slowly in the morning',
      error: 'Timeout expired. The timeout period elapsed prior to completion of the operation',
      cause: 'Fragmented indexes after years without maintenance',
      cure: 'Weekly index maintenance on Sunday night',
    },
    database: ['index', 'ALTER INDEX ALL ON dbo.Bookings REBUILD'],
    summary: 'Weekly maintenance of the indexes is planned now.',
  },
  {
    title: 'Disk of {host} replaced',
    category: 'infrastructure',
    labour: 'onsite',
    minutes: [60, 180],
    steps: ['Drive to the client', 'Disk replaced', 'Rebuild watched until it ended'],
    change: ['hardware', 'RAID degraded, disk 3 failed', 'RAID healthy, new disk 3'],
    summary: 'The array is healthy again.',
  },
  {
    title: 'Phishing mail reported by {contact}',
    category: 'security',
    labour: 'remote',
    minutes: [15, 60],
    steps: ['Mail looked at, sender blocked', 'Searched for it in all mailboxes and removed it'],
    commands: [['powershell', 'Get-MessageTrace -SenderAddress $sender', '3 messages']],
    summary: 'Nobody had opened it.',
  },
  {
    title: 'Certificate of {software} renewed',
    category: 'maintenance',
    labour: 'remote',
    minutes: [20, 50],
    steps: ['Request made and signed', 'Installed, service restarted', 'Checked from outside'],
    commands: [['bash', 'openssl x509 -in new.pem -noout -enddate', 'notAfter=Mar 14 23:59:59']],
    change: ['ssl', 'Certificate ends within a week', 'Certificate valid for a year'],
    file: ['/etc/ssl/certs/service.pem', 'The new certificate with its chain'],
    deployment: ['config', 'certificate of the year'],
    summary: 'Valid for another year.',
  },
  {
    title: 'Documentation brought up to date',
    category: 'documentation',
    labour: 'remote',
    minutes: [30, 60],
    steps: ['Network plan compared with reality', 'Passwords moved into the vault'],
    summary: 'Plan and vault agree with what is there.',
  },
  {
    title: 'Wireless network at {site} extended',
    category: 'infrastructure',
    labour: 'onsite',
    minutes: [90, 240],
    steps: ['Measured the signal', 'Two access points mounted', 'Guest network separated'],
    change: ['network', 'Two access points, one network', 'Four access points, guests apart'],
    summary: 'Coverage in every room.',
  },
  {
    title: 'Warranty: fan of {host}',
    category: 'infrastructure',
    labour: 'warranty',
    minutes: [30, 60],
    steps: ['Case opened with the maker', 'Fan replaced'],
    summary: 'Replaced under warranty.',
  },
  {
    title: 'Password of {contact} forgotten',
    category: 'troubleshooting',
    labour: 'remote',
    minutes: [5, 15],
    steps: ['Called back on the known number, password reset'],
    commands: [['powershell', 'Set-ADAccountPassword -Identity $id -Reset', '']],
    summary: 'Identity confirmed by call-back.',
  },
  {
    title: 'Quarterly restore test',
    category: 'maintenance',
    labour: 'project',
    minutes: [60, 120],
    steps: ['{host} restored into the test network', 'Started, data of yesterday found'],
    summary: 'Restored in 38 minutes; the plan allows two hours.',
  },
];
