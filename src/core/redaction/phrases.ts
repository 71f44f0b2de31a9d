import { VALUE } from './programs.js';
import { hideValue, isProse } from './values.js';

/** Where a line of a configuration begins, behind the prompt of the device or not. */
const BEGIN = String.raw`^[ \t]{0,16}(?:[\w.()-]{1,64}[#>][ \t]{0,4})?`;
/** What says how the value is written: a type of Cisco IOS, or that it is encrypted. */
const TYPE = String.raw`(?:(?:\d{1,2}|ENC|encrypted|ascii-text|hexadecimal|local|remote)[ \t]{1,4})`;
const END = String.raw`(?=[ \t]{0,16}(?:\r?$))`;
const QUOTED = String.raw`"[^"\r\n]{1,512}"|'[^'\r\n]{1,512}'`;
const PIPE = String.raw`["']?[ \t]{0,8}\|[ \t]{0,8}(?:sudo[ \t]{1,8})?`;

interface Phrase {
  /** In lower case, what a text must hold to be looked at more closely. */
  hint: string;
  pattern: RegExp;
}

const phrase = (hint: string, before: string, value = VALUE, flags = 'gi', after = ''): Phrase => ({
  hint,
  pattern: new RegExp(`(${before})(${value})${after}`, flags),
});
/** A line of the configuration of a device, with the secret at its end. */
const setting = (hint: string, before: string): Phrase => phrase(hint, `${BEGIN}${before}`, VALUE, 'gm', END);

/** Cisco IOS and ASA, Juniper Junos, FortiOS, and what follows them. */
const DEVICES = [
  setting('enable', String.raw`enable[ \t]{1,4}(?:password|secret)[ \t]{1,4}(?:level[ \t]{1,4}\d{1,2}[ \t]{1,4})?${TYPE}?`),
  setting('username', String.raw`username[ \t]{1,4}(?!(?:and|or)[ \t])\S{1,64}[ \t]{1,4}(?:(?:privilege|role)[ \t]{1,4}\S{1,32}[ \t]{1,4})?(?:password|secret)[ \t]{1,4}${TYPE}?`),
  phrase('username', String.raw`^[ \t]{0,16}username[ \t]{1,4}\S{1,64}[ \t]{1,4}(?:privilege[ \t]{1,4}\d{1,2}[ \t]{1,4})?(?:password|secret)[ \t]{1,4}\d{1,2}[ \t]{1,4}`, VALUE, 'gm'),
  phrase('snmp-server', String.raw`snmp-server[ \t]{1,4}community[ \t]{1,4}${TYPE}?`, VALUE, 'g'),
  phrase('isakmp', String.raw`isakmp[ \t]{1,4}key[ \t]{1,4}${TYPE}?`, VALUE, 'g', String.raw`(?=[ \t]{1,4}(?:address|hostname)|[ \t]{0,16}\r?$)`),
  phrase('psksecret', String.raw`psksecret[ \t]{1,4}${TYPE}?`, VALUE, 'g'),
  setting('set ', String.raw`set[ \t]{1,4}(?:password|passwd|passphrase|secret)[ \t]{1,4}${TYPE}?`),
  setting('pre-shared-key', String.raw`(?:[\w ]{0,64}[ \t])?pre-shared-key[ \t]{1,4}${TYPE}{0,2}`),
  setting('psk ', String.raw`set[ \t][\w ./-]{0,64}[ \t]psk[ \t]{1,4}`),
  phrase('-password', String.raw`(?:encrypted|plain-text)-password[ \t]{1,4}`, QUOTED, 'g'),
  phrase('authentication-key', String.raw`authentication-key[ \t]{1,4}`, QUOTED, 'g'),
  setting('key-string', String.raw`key-string[ \t]{1,4}${TYPE}?`),
  setting('-server', String.raw`(?:tacacs|radius)-server[ \t](?:[^\r\n]{0,80}[ \t])?key[ \t]{1,4}${TYPE}?`),
  setting('message-digest-key', String.raw`ip[ \t]{1,4}ospf[ \t]{1,4}message-digest-key[ \t]{1,4}\d{1,3}[ \t]{1,4}md5[ \t]{1,4}${TYPE}?`),
  setting('password', String.raw`(?:(?:ppp[ \t]{1,4}(?:chap|pap)|neighbor[ \t]{1,4}\S{1,64})[ \t]{1,4}password[ \t]{1,4}${TYPE}?|password[ \t]{1,4}[05789][ \t]{1,4})`),
]; // prettier-ignore

/** PowerShell, the registry, shells and SQL, where the secret stands elsewhere than behind its name. */
const OTHERS = [
  phrase('convertto-securestring', `["']`, String.raw`[^"'\r\n]{1,256}`, 'gi', String.raw`(?=["'][ \t]{0,8}\|[ \t]{0,8}convertto-securestring)`),
  phrase(
    'pscredential',
    String.raw`pscredential["']?\]?(?:::new)?[ \t]{0,8}(?:,[ \t]{0,4}|-argumentlist[ \t]{1,8})?\(?[ \t]{0,4}(?:"[^"\r\n]{0,256}"|'[^'\r\n]{0,256}'|\$[\w.:]{1,64})[ \t]{0,4},[ \t]{0,4}\(?[ \t]{0,4}`,
    QUOTED,
  ),
  phrase('pass', String.raw`pass(?:word|wd)["']?[ \t]{1,8}(?:(?:/t[ \t]{1,8}\w{1,16}[ \t]{1,8})?/d|-value)[ \t]{1,8}`),
  phrase('chpasswd', String.raw`(?:echo|printf)[ \t]{1,8}(?:-[a-z]{1,3}[ \t]{1,8})?["']?[\w.-]{1,64}:`, String.raw`[^\s"'|]{1,256}`, 'gi', `(?=${PIPE}chpasswd)`),
  phrase('<<<', String.raw`chpasswd[ \t]{0,8}<<<[ \t]{0,8}["']?[\w.-]{1,64}:`, String.raw`[^\s"']+`),
  phrase('<<<', String.raw`kinit(?:[ \t]{1,8}[\w.@/-]{1,128})?[ \t]{0,8}<<<[ \t]{0,8}`),
  phrase(
    '|',
    String.raw`(?:echo|printf)[ \t]{1,8}(?:-[a-z]{1,3}[ \t]{1,8})?`,
    String.raw`${QUOTED}|[^\s"'|]{1,512}`,
    'gi',
    String.raw`(?=${PIPE}(?:passwd[ \t]|sudo[ \t]{1,8}-[a-z]{0,4}S|kinit|cryptsetup|[^|\r\n]{0,128}--(?:password-)?stdin))`,
  ),
  phrase('identified', String.raw`identified[ \t]{1,8}(?:by|(?:with|via)[ \t]{1,8}\w{1,40}[ \t]{1,8}(?:by|as|using))[ \t]{1,8}(?:password[ \t]{0,8})?\(?`, String.raw`'[^'\r\n]*'|"[^"\r\n]*"`),
  phrase('identified', String.raw`user[ \t]{1,8}\S{1,128}[ \t]{1,8}identified[ \t]{1,8}by[ \t]{1,8}`, String.raw`[^\s"';]+`),
  phrase('password', String.raw`set[ \t]{1,8}password[ \t]{1,8}for[ \t]{1,8}[^\s=]{1,160}[ \t]{0,8}=[ \t]{0,8}(?:password\()?`, QUOTED),
]; // prettier-ignore

const PHRASES = [...DEVICES, ...OTHERS];

/** Masks secrets that are known by the words around them, on lines of any program. */
export function maskPhrases(text: string): string {
  const lower = text.toLowerCase();
  return PHRASES.reduce(
    (masked, { hint, pattern }) => (lower.includes(hint) ? masked.replace(pattern, hidePhrase) : masked),
    text,
  );
}

function hidePhrase(all: string, before: string, value: string): string {
  return isProse(value) ? all : hideValue(all, before, value);
}
