/** The programs that the masking knows, as people write of them. */
const PROGRAMS =
  'mysql|mysqladmin|mysqldump|MariaDB|7z|rar|sshpass|plink|PuTTY|PsExec|docker login|az login|mongodump|rdesktop|evil-winrm|certutil|usermod|secretsdump|wmiexec|smbexec|redis-cli|ldapsearch|sqlcmd|ipmitool|unzip|sqlplus|expdp|impdp|rman|smbclient|curl|wget|openssl|schtasks|signtool|winrs|htpasswd|snmpwalk|ssh-keygen|wpa_passphrase|vault|nmcli|netsh|ConvertTo-SecureString|aws|AWS|rclone|net use|net user'.split(
    '|',
  );
const OF_PROGRAMS = [
  '# login page is slow',
  '# auth failed again for the client',
  '# password prompts',
  'Set the # password policy before Friday',
  'the # account password is in 1Password',
  '#: use the pass through mode',
  '# pass rate is 80',
  '# copies the files to nas/backup',
  'We saw that # writes into dump/export twice',
  'The -p option of # shows the password to everybody',
  'Do not use # -p here, since the history keeps it',
  'The # ratio:3@site was noted',
  'Maria asked whether # login works with a token',
  'We keep the # experience as it was before',
];

/** What begins settings of network devices, and how a sentence goes on. */
const SETTINGS =
  'enable password|enable secret|set password|set secret|set passphrase|username admin password|username foo secret|pre-shared-key|ikev1 pre-shared-key|crypto isakmp key|neighbor 10.0.0.1 password|ppp chap password|ppp pap password|password'.split(
    '|',
  );
const HOW =
  'mismatch|wrong|tomorrow|manually|caching|hints|rejected|differs|again please|8 chars|7 characters|5 tries|self-service|today!'.split(
    '|',
  );
const NAMED_SETTINGS =
  'snmp-server community|set psksecret|radius-server key|tacacs-server host 10.0.0.1 key|key-string'.split(
    '|',
  );
const STATES = 'mismatch|wrong|failed|missing|rejected|expired|updated|names are listed there'.split('|');

const THINGS =
  'password|admin password|root password|Wi-Fi password|BitLocker recovery key|API token|client secret|SSH key|PIN|MFA code|passphrase|service account credential|private key|access key|shared secret|connection string'.split(
    '|',
  );
const OF_THINGS = [
  'The # is wrong',
  'The # was rotated yesterday by Maria',
  'The # is in the vault under Acme/Firewall',
  'The # must be 14 characters long',
  'Ask Maria for the # before Friday',
  'The # expires on 2026-12-01',
  '#: see ticket 4711',
  '#: ask Bob at the desk',
  'The # is stored in 1Password, not in the wiki',
  'Who changed the #, and when?',
  'The # is 90 days old',
  'Reset the #, then log in again and set a new #',
  'The user identified by the # is disabled',
  '#: >\n  Ask Bob at the desk\n  before noon',
];

const OTHERS = [
  'vault login failed for user',
  'The user Maria identified by technician',
  'User accounts identified by finance were disabled',
  'Create user accounts identified by finance on Monday',
  'The cause was identified by "the vendor" last week',
  'sqlplus files in docs/readme',
  'sqlplus docs/readme tells how to log in',
  'rman target nas/backup is full',
  'echo "backup done" | mail -s report --stdin',
  'echo finished | logger --stdin',
  'The net use command fails on that laptop',
  'net user accounts are listed in the report of May',
  'username foo secret bar',
];

const filled = (patterns: string[], words: string[]) =>
  patterns.flatMap(pattern => words.map(word => pattern.replaceAll('#', word)));

/** Sentences of the work of an MSP, none of which holds a secret. */
export const SENTENCES = [
  ...filled(OF_PROGRAMS, PROGRAMS),
  ...SETTINGS.flatMap(one => HOW.map(how => `${one} ${how}`)),
  ...NAMED_SETTINGS.flatMap(one => STATES.map(state => `${one} ${state}`)),
  ...filled(OF_THINGS, THINGS),
  ...OTHERS,
];
