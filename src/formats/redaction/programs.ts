import { beginningsOf, lazily } from './hints.js';

/** One argument: in quotes (also behind backslashes, as within JSON), or up to the next space; never over the end of a line. */
export const VALUE = String.raw`(?:\\"(?:(?!\\")[^\r\n])*\\"|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|[^\s"']\S*)`;

/** Where a program takes a password. */
export interface Value {
  /** In lower case, what a text must hold for the pattern to match. */
  hint: string;
  /** What stands before the password, and that. */
  pattern: () => RegExp;
  /** Whether words or its place announce it, as in a sentence: it looks chosen, or the program is called there. */
  isAnnounced?: boolean;
  /** Whether such a call takes a password in this place, whatever follows; without it only where no sentence goes on. */
  takesIt?: (command: string) => boolean;
}

/** The value behind a flag: apart (`-P secret`, `-P=secret`), or written at it (`-psecret`). */
function behind(flag: string, how: 'apart' | 'attached' | 'both'): Value {
  const gap = {
    apart: String.raw`(?:[ \t]{1,16}|=)(?!-)`,
    attached: '',
    both: String.raw`[ \t=]{0,16}(?!-)`,
  }[how];
  const [hint = ''] = beginningsOf(flag);
  return { hint, pattern: lazily(() => new RegExp(String.raw`((?<=[\s"'])${flag}${gap})(${VALUE})`, 'g')) };
}

/** The program and its flags with their values: the next word is its first argument. */
const FLAGS = String.raw`^[\w.-]{1,64}(?:[ \t]{1,8}-\S{1,64}(?:[ \t]{1,8}(?:"[^"\r\n]*"|'[^'\r\n]*'|[^\s"'-]\S*))?){0,16}[ \t]{1,8}["']?`;

const announced = (
  hint: string,
  before: string,
  value: string,
  takesIt?: Value['takesIt'],
  flags = 'g',
): Value => ({
  hint,
  pattern: lazily(() => new RegExp(`(${before})(${value})`, flags)),
  isAnnounced: true,
  takesIt,
});
const plain = (hint: string, pattern: RegExp): Value => ({ hint, pattern: () => pattern });

/** `name:password@host`, as the tools of Impacket take it, with or without `domain/` before it. */
const target = () =>
  announced(
    '@',
    String.raw`${FLAGS}(?:[\w.-]{1,64}\/)?[\w.$-]{1,64}:`,
    String.raw`[^\s"']{1,256}(?=@[\w.-])`,
    () => true,
  );
/** `name/password`, as Oracle takes it. */
const login = () =>
  announced(
    '/',
    String.raw`(?:${FLAGS}|^|(?<=\s)(?:target|catalog|auxiliary|userid)[ \t=]{1,4}["']?)[\w$#.-]{1,64}\/`,
    String.raw`[^\s@"'/]{1,128}(?=@|["']?(?:\s|$))`,
  );

const ROWS: [program: string, values: () => Value[]][] = [
  ['mysqladmin', () => [behind('-p', 'attached'), announced('password', String.raw`(?<=[ \t])password[ \t]{1,8}`, VALUE)]],
  ['mysql[a-z]*|mariadb[a-z-]*|7z[ar]?', () => [behind('-p', 'attached')]],
  ['rar|unrar', () => [behind('-h?p', 'attached')]],
  ['sshpass', () => [behind('-p', 'both')]],
  ['plink|pscp|psftp|putty|kitty', () => [behind('-pw', 'apart')]],
  ['psexec(?:64)?', () => [behind('-p', 'apart'), target()]],
  ['docker login|podman login|az login|mongo[a-z]*|rdesktop|evil-winrm|nxc|crackmapexec|oc login|certutil|useradd|usermod', () => [behind('-p', 'apart')]],
  ['impacket-[a-z]+|secretsdump|wmiexec|smbexec|atexec|dcomexec|getuserspns|getnpusers|lookupsid', () => [target()]],
  ['redis-cli', () => [behind('-a', 'apart'), announced('auth', String.raw`(?<=[\s"'])(?:auth|AUTH)[ \t]{1,8}(?!-)`, VALUE)]],
  ['ldap[a-z]+', () => [behind('-w', 'apart')]],
  ['sqlcmd|bcp|osql|isql|ipmitool|zip|unzip', () => [behind('-P', 'both')]],
  ['sqlplus|expdp|impdp|sqlldr|rman', () => [login()]],
  ['smbclient|rpcclient|smbmap', () => [plain('-u', /((?<=\s)-U[ \t=]{0,4}["']?[^\s%"']{1,128}%)([^\s"']+)/g)]],
  ['curl|wget|https?', () => [plain('-', /((?<=\s)(?:-u|-a|--user|--proxy-user|--auth)[ \t=]{0,4}["']?[^\s:"']{0,128}:)([^\s"']+)/g)]],
  ['openssl', () => [plain('pass:', /((?<=[\s:])pass:)(\S+)/g), behind('-[kK]', 'apart')]],
  ['schtasks|at', () => [behind('/rp', 'apart')]],
  ['signtool', () => [behind('/p', 'apart')]],
  ['winrs', () => [behind('-p(?:assword)?:', 'attached')]],
  ['htpasswd', () => [plain('-', /((?<=\s)-[a-zA-Z]{0,6}b[a-zA-Z]{0,6}[ \t]{1,8}\S{1,512}[ \t]{1,8}\S{1,256}[ \t]{1,8})(\S+)/g)]],
  ['snmp[a-z]+', () => [behind('-(?:c|A|X)', 'both')]],
  ['ssh-keygen', () => [behind('-[NP]', 'apart')]],
  ['wpa_passphrase', () => [announced('', String.raw`^wpa_passphrase[ \t]{1,8}${VALUE}[ \t]{1,8}(?=\S{8})`, VALUE, undefined, 'gi')]],
  ['vault login', () => [announced('', String.raw`^vault login[ \t]{1,8}(?!-)`, VALUE, undefined, 'gi')]],
  ['nmcli', () => [announced('password', String.raw`(?<=\s)password[ \t]{1,8}(?!-)`, VALUE, command => /\s(?:connect|hotspot)\s/.test(command))]],
  ['lftp', () => [plain('-u', /((?<=\s)-u[ \t]{1,8}["']?[^\s,"']{1,128},)([^\s"']+)/g)]],
  ['mosquitto_(?:pub|sub|rr)', () => [behind('-P', 'apart')]],
  ['mosquitto_passwd', () => [plain('-b', /((?<=\s)-b[ \t]{1,8}\S{1,512}[ \t]{1,8}\S{1,256}[ \t]{1,8})(\S+)/g)]],
  ['kubectl', () => [plain('--from-literal', /((?<=\s)--from-literal[= \t]["']?[\w.-]{1,128}=)([^\s"']+)/g)]],
  ['vault kv (?:put|patch)', () => [plain('=', /((?<=\s)[\w.-]{1,64}=)("[^"\r\n]*"|'[^'\r\n]*'|[^\s"'@][^\s"']*)/g)]],
  ['gh secret set', () => [behind('(?:-b|--body)', 'apart')]],
  ['security (?:add|set)-[a-z-]+', () => [behind('-[wp]', 'apart')]],
  ['rabbitmqctl', () => [plain('_', /((?:add_user|change_password|authenticate_user)[ \t]{1,8}[^\s-]\S{0,128}[ \t]{1,8})([^\s-]\S*)/g)]],
  ['samba-tool user', () => [plain('', /((?:create|add)[ \t]{1,8}[^\s-]\S{0,128}[ \t]{1,8})([^\s-]\S*)/g)]],
  ['netdom', () => [behind('/(?:password[do]|p[do]):', 'attached')]],
  ['cmdkey', () => [behind('/pass', 'apart')]],
  ['hydra|medusa|ncftp[a-z]*|racadm|esxcli system account', () => [behind('-p', 'apart')]],
  ['ansible-vault encrypt_string', () => [announced('', String.raw`^ansible-vault encrypt_string[ \t]{1,8}(?!-)`, VALUE, undefined, 'gi')]],
  ['qpdf', () => [plain('--encrypt', /((?<=\s)--encrypt[ \t]{1,8}\S{1,128}[ \t]{1,8})(\S+)/g), plain('--encrypt', /((?<=\s)--encrypt[ \t]{1,8})(\S+)/g)]],
  ['iwconfig', () => [plain('s:', /((?<=\s)s:)(\S+)/g)]],
  ['netsh', () => [plain('keymaterial=', /((?<=\s)keymaterial=)(\S+)/gi)]],
  [
    'convertto-securestring',
    () => [
    plain('', /((?:-string[ \t]{1,8})?)((?<=[ \t])(?:"[^"]*"|'[^']*'))/gi),
    plain('', /(^convertto-securestring[ \t]{1,8}(?=[^\r\n]{0,400}-asplaintext)(?:-(?:asplaintext|force|string)[ \t]{1,8}){0,3})([^\s"'$()|-][^\s)]*)/gi),
  ]],
  ['aws ssm put-parameter|az keyvault secret set', () => [behind('--value', 'apart')]],
  ['aws secretsmanager', () => [behind('--secret-string', 'apart')]],
  ['aws|rclone', () => [announced('', String.raw`(?<=[ \t])[\w.-]{0,64}(?:secret_access_key|session_token|client_secret|password|pass)[ \t]{1,8}(?!-)`, VALUE, command => /[ \t]config/.test(command))]],
]; // prettier-ignore

/** Programs that take a password in a way that does not say so, and where they take it. */
export const PROGRAMS = ROWS.map(([program, values]) => ({ program, values: lazily(values) }));

export const NET_USE = String.raw`net(?:\.exe)?[ \t]{1,8}us(?:e|er)`;
