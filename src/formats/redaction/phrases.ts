import { lazily } from './hints.js';
import { VALUE } from './programs.js';
import { goesOn, isDefault, isPlain, isProse } from './sentences.js';
import { hideValue, looksChosen } from './values.js';

/** Where a line of a configuration begins, behind the prompt of the device or not. */
const BEGIN = String.raw`^[ \t]{0,16}(?:[\w.()-]{1,64}(?:[ \t]\([\w.-]{1,32}\)[ \t]?)?[#>][ \t]{0,4})?`;
/** What says how the value is written: a type of Cisco IOS, or that it is encrypted. */
const TYPE = String.raw`(?:(?:\d{1,2}|ENC|encrypted|ascii-text|hexadecimal|local|remote)[ \t]{1,4})`;
const END = String.raw`(?=[ \t]{0,16}(?:\r?$))`;
const QUOTED = String.raw`"[^"\r\n]{1,512}"|'[^'\r\n]{1,512}'`;
const PIPE = String.raw`["']?[ \t]{0,8}\|[ \t]{0,8}(?:sudo[ \t]{1,8})?`;

/** Programs that read a password where they are told `--stdin`; others read anything. */
const TAKES_STDIN = String.raw`(?:smbpasswd|docker|podman|buildah|skopeo|helm|gopass|kubeseal|pulumi)[ \t][^|\r\n]{0,128}--stdin`;

interface Phrase {
  /** In lower case, what a text must hold to be looked at more closely. */
  hint: string;
  pattern: () => RegExp;
  /** Whether sentences begin with the same words. */
  isVague?: boolean;
}

const phrase = (hint: string, before: () => string, value = VALUE, flags = 'gi', after = ''): Phrase => ({
  hint,
  pattern: lazily(() => new RegExp(`(${before()})(${value})${after}`, flags)),
});
/** A line of the configuration of a device, with the secret at its end. */
const setting = (hint: string, before: () => string): Phrase =>
  phrase(hint, () => `${BEGIN}${before()}`, VALUE, 'gm', END);

const vague = (hint: string, before: () => string): Phrase => ({ ...setting(hint, before), isVague: true });

/** Cisco IOS and ASA, Juniper Junos, FortiOS, and what follows them. */
const DEVICES = [
  vague('enable', () => String.raw`enable[ \t]{1,4}(?:algorithm-type[ \t]{1,4}\w{1,16}[ \t]{1,4})?(?:password|secret)[ \t]{1,4}(?:level[ \t]{1,4}\d{1,2}[ \t]{1,4})?${TYPE}?`),
  vague('username', () => String.raw`username[ \t]{1,4}(?!(?:and|or)[ \t])\S{1,64}[ \t]{1,4}(?:(?:privilege|role)[ \t]{1,4}\S{1,32}[ \t]{1,4})?(?:password|secret)[ \t]{1,4}${TYPE}?`),
  phrase('username', () => String.raw`^[ \t]{0,16}username[ \t]{1,4}\S{1,64}[ \t]{1,4}(?:privilege[ \t]{1,4}\d{1,2}[ \t]{1,4})?(?:password|secret)[ \t]{1,4}\d{1,2}[ \t]{1,4}`, VALUE, 'gm'),
  phrase('snmp-server', () => String.raw`snmp-server[ \t]{1,4}community[ \t]{1,4}${TYPE}?`, VALUE, 'g'),
  { ...phrase('isakmp', () => String.raw`isakmp[ \t]{1,4}key[ \t]{1,4}${TYPE}?`, VALUE, 'g', String.raw`(?=[ \t]{1,4}(?:address|hostname)|[ \t]{0,16}\r?$)`), isVague: true },
  phrase('psksecret', () => String.raw`psksecret[ \t]{1,4}${TYPE}?`, VALUE, 'g'),
  vague('set ', () => String.raw`set[ \t]{1,4}(?:password|passwd|passphrase|secret)[ \t]{1,4}${TYPE}?`),
  vague('pre-shared-key', () => String.raw`(?:[\w -]{0,64}[ \t])?pre-shared-key[ \t]{1,4}${TYPE}{0,2}`),
  setting('wpa-psk', () => String.raw`wpa-psk[ \t]{1,4}(?:ascii|hex)[ \t]{1,4}(?:\d[ \t]{1,4})?`),
  vague('set ', () => String.raw`set[ \t][\w ./-]{1,100}[ \t](?:pre-shared-secret|plain-text-password-value|plaintext-password|password)[ \t]{1,4}`),
  vague('-pwd', () => String.raw`set[ \t]{1,4}(?:auth|priv)-pwd[ \t]{1,4}${TYPE}?`),
  phrase('snmp-server', () => String.raw`snmp-server[ \t]{1,4}user[ \t][\w ./-]{1,80}[ \t]auth[ \t]{1,4}(?:md5|sha[\d-]{0,4})[ \t]{1,4}`, VALUE, 'g'),
  phrase('snmp-server', () => String.raw`snmp-server[ \t]{1,4}user[ \t][^\r\n]{1,160}[ \t]priv[ \t]{1,4}(?:(?:3?des|aes)[ \t]{1,4})?(?:\d{3}[ \t]{1,4})?`, VALUE, 'g'),
  vague('ftp', () => String.raw`ip[ \t]{1,4}ftp[ \t]{1,4}password[ \t]{1,4}${TYPE}?`),
  setting('ntp ', () => String.raw`ntp[ \t]{1,4}authentication-key[ \t]{1,4}\d{1,10}[ \t]{1,4}md5[ \t]{1,4}${TYPE}?`),
  setting('standby', () => String.raw`standby[ \t][\w -]{0,48}[ \t]key-string[ \t]{1,4}${TYPE}?`),
  setting('psk ', () => String.raw`set[ \t][\w ./-]{0,64}[ \t]psk[ \t]{1,4}`),
  phrase('-password', () => String.raw`(?:encrypted|plain-text)-password[ \t]{1,4}`, QUOTED, 'g'),
  phrase('authentication-key', () => String.raw`authentication-key[ \t]{1,4}`, QUOTED, 'g'),
  setting('key-string', () => String.raw`key-string[ \t]{1,4}${TYPE}?`),
  setting('-server', () => String.raw`(?:tacacs|radius)-server[ \t](?:[^\r\n,;]{0,80}[ \t])?key[ \t]{1,4}${TYPE}?`),
  setting('message-digest-key', () => String.raw`ip[ \t]{1,4}ospf[ \t]{1,4}message-digest-key[ \t]{1,4}\d{1,3}[ \t]{1,4}md5[ \t]{1,4}${TYPE}?`),
  vague('password', () => String.raw`(?:(?:ppp[ \t]{1,4}(?:chap|pap)|neighbor[ \t]{1,4}\S{1,64})[ \t]{1,4}password[ \t]{1,4}${TYPE}?|password[ \t]{1,4}[05789][ \t]{1,4})`),
]; // prettier-ignore

/** PowerShell, the registry, shells and SQL, where the secret stands elsewhere than behind its name. */
const OTHERS = [
  phrase('convertto-securestring', () => `["']`, String.raw`[^"'\r\n]{1,256}`, 'gi', String.raw`(?=["'][ \t]{0,8}\|[ \t]{0,8}convertto-securestring)`),
  phrase(
    'pscredential',
    () => String.raw`pscredential["']?\]?(?:::new)?[ \t]{0,8}(?:,[ \t]{0,4}|-argumentlist[ \t]{1,8})?\(?[ \t]{0,4}(?:"[^"\r\n]{0,256}"|'[^'\r\n]{0,256}'|\$[\w.:]{1,64})[ \t]{0,4},[ \t]{0,4}\(?[ \t]{0,4}`,
    QUOTED,
  ),
  phrase('pass', () => String.raw`pass(?:word|wd)["']?[ \t]{1,8}(?:(?:/t[ \t]{1,8}\w{1,16}[ \t]{1,8})?/d|-value)[ \t]{1,8}`),
  phrase('chpasswd', () => String.raw`(?:echo|printf)[ \t]{1,8}(?:-[a-z]{1,3}[ \t]{1,8})?["']?[\w.-]{1,64}:`, String.raw`[^\s"'|]{1,256}`, 'gi', `(?=${PIPE}chpasswd)`),
  phrase('<<<', () => String.raw`chpasswd[ \t]{0,8}<<<[ \t]{0,8}["']?[\w.-]{1,64}:`, String.raw`[^\s"']+`),
  phrase('<<<', () => String.raw`(?:passwd|cryptsetup)(?:[ \t][\w ./@=-]{0,128})?[ \t]{0,8}<<<[ \t]{0,8}`),
  phrase('<<<', () => String.raw`kinit(?:[ \t]{1,8}[\w.@/-]{1,128})?[ \t]{0,8}<<<[ \t]{0,8}`),
  phrase(
    '|',
    () => String.raw`(?:echo|printf)[ \t]{1,8}(?:-[a-z]{1,3}[ \t]{1,8})?`,
    String.raw`${QUOTED}|[^\s"'|]{1,512}`,
    'gi',
    String.raw`(?=${PIPE}(?:passwd[ \t]|vncpasswd|openssl[ \t]|sudo[ \t]{1,8}-[a-z]{0,4}S|kinit|cryptsetup|vault[ \t]{1,4}login[ \t]{1,4}-(?!\w)|[^|\r\n]{0,128}--password-stdin|${TAKES_STDIN}))`,
  ),
  phrase('identified', () => String.raw`identified[ \t]{1,8}(?:by|(?:with|via)[ \t]{1,8}\w{1,40}[ \t]{1,8}(?:by|as|using))[ \t]{1,8}(?:password[ \t]{0,8})?\(?`, String.raw`'[^'\r\n]*'|"[^"\r\n]*"`),
  phrase('identified', () => String.raw`(?:create|alter)\s{1,8}user\s{1,8}(?:if\s{1,8}(?:not\s{1,8})?exists\s{1,8})?\S{1,128}\s{1,8}identified[ \t]{1,8}by[ \t]{1,8}`, String.raw`[^\s"';]+`),
  phrase('password', () => String.raw`set[ \t]{1,8}password[ \t]{1,8}for[ \t]{1,8}[^\s=]{1,160}[ \t]{0,8}=[ \t]{0,8}(?:password\()?`, QUOTED),
]; // prettier-ignore

const PHRASES = [...DEVICES, ...OTHERS];

/** Masks secrets that are known by the words around them, on lines of any program. */
export function maskPhrases(text: string, lower: string): string {
  return PHRASES.reduce(
    (masked, { hint, pattern, isVague = false }) =>
      lower.includes(hint)
        ? masked.replace(
            pattern(),
            (all: string, before: string, value: string, at: number, whole: string) =>
              isSecret(before, value, whole, at, at + all.length, isVague)
                ? hideValue(all, before, value)
                : all,
          )
        : masked,
    text,
  );
}

/** A hash or what a device encrypted follows; behind `0` a password as it is. */
const HASHED = /\s(?:[4-9]|ENC|encrypted|hexadecimal)[ \t]{1,4}$/;
/** What no sentence has: the prompt of a device, a type, a level of rights. */
const CONFIGURED =
  /^[ \t]{0,16}[\w.()-]{1,64}(?:[ \t]\([\w.-]{1,32}\)[ \t]?)?[#>]|\s0[ \t]{1,4}$|\s(?:level|privilege|role|algorithm-type)\s/;
/** Lines that stand in the configuration of a device and in no note. */
const CONFIGURATION =
  /^[ \t]{0,16}(?:!|next|hostname[ \t]\S+|interface[ \t]\S+|config[ \t](?:system|user|vpn|router|firewall)[ \t\w-]*|edit[ \t]\S+|line[ \t](?:vty|con|aux|console)[ \t\d]*|router[ \t]\w+[ \t]\d+|tunnel-group[ \t]\S+[ \t\w-]*|service[ \t]password-encryption)[ \t]{0,16}\r?$/m;
const SQL = /\b(?:create|alter|grant|set)\s/i;

function isSecret(
  before: string,
  value: string,
  text: string,
  at: number,
  end: number,
  isVague: boolean,
): boolean {
  if (isProse(value)) return false;
  // "identified by 'the vendor'" is no SQL.
  if (/^identified/.test(before)) return !/\s/.test(value) || SQL.test(text.slice(Math.max(0, at - 300), at));
  if (!isPlain(value) || isDefault(value)) return true;
  if (HASHED.test(before) && !/level\s+\d+\s+$/.test(before)) return looksChosen(value);
  if (CONFIGURED.test(before)) return true;
  const after = text.slice(end, end + 48);
  if (!isVague) return !goesOn(after);
  return (
    /^\s+(?:address|hostname)\s/.test(after) ||
    CONFIGURATION.test(text.slice(Math.max(0, at - 200), end + 200))
  );
}
