import { isMarker, marker } from './marker.js';
import { isNoSecret } from './values.js';

const VALUE = String.raw`(?:\\?"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']\S*)`;

/** The value behind a flag: apart (`-P secret`), or written at it (`-psecret`). */
function behind(flag: string, how: 'apart' | 'attached' | 'both'): RegExp {
  const gap = { apart: String.raw`[ \t]{1,16}(?!-)`, attached: '', both: String.raw`[ \t=]{0,16}(?!-)` }[how];
  return new RegExp(String.raw`((?<=[\s"'])${flag}${gap})(${VALUE})`, 'g');
}

/** Programs that take a password by a flag whose name does not say so, and where they take it. */
const PROGRAMS: [program: string, ...values: RegExp[]][] = [
  ['mysql[a-z]*|mariadb[a-z-]*|7z[ar]?|rar|unrar', behind('-p', 'attached')],
  ['sshpass', behind('-p', 'both')],
  ['plink|pscp|psftp|putty|kitty', behind('-pw', 'apart')],
  ['docker login|podman login|psexec(?:64)?|mongo[a-z]*|rdesktop|evil-winrm|nxc|crackmapexec|oc login', behind('-p', 'apart')],
  ['redis-cli', behind('-a', 'apart')],
  ['ldap[a-z]+', behind('-w', 'apart')],
  ['sqlcmd|bcp|osql|isql|ipmitool|zip|unzip', behind('-P', 'both')],
  ['smbclient|rpcclient|smbmap', /((?<=\s)-U[ \t=]{0,4}["']?[^\s%"']{1,128}%)([^\s"']+)/g],
  ['curl|wget|https?', /((?<=\s)(?:-u|-a|--user|--proxy-user|--auth)[ \t=]{0,4}["']?[^\s:"']{0,128}:)([^\s"']+)/g],
  ['openssl', /((?<=[\s:])pass:)(\S+)/g],
  ['schtasks|at', behind('/rp', 'apart')],
  ['htpasswd', /((?<=\s)-[a-zA-Z]{0,6}b[a-zA-Z]{0,6}[ \t]{1,8}\S{1,512}[ \t]{1,8}\S{1,256}[ \t]{1,8})(\S+)/g],
  ['snmp[a-z]+', behind('-(?:c|A|X)', 'both')],
  ['convertto-securestring', /((?:-string[ \t]{1,8})?)((?<=[ \t])(?:"[^"]*"|'[^']*'))/gi],
]; // prettier-ignore
const NET = String.raw`net(?:\.exe)?[ \t]{1,8}us(?:e|er)`;
const PROGRAM = new RegExp(
  String.raw`(?<![\w.-])(?:${PROGRAMS.map(([one]) => `(${one})`).join('|')}|(${NET}))(?:\.exe)?(?![\w-])`,
  'gi',
);
/** What ends a command, outside of quotes. */
const END = /"[^"]*"|'[^']*'|([ \t](?:&&|\|\|?)[ \t]|;[ \t])/g;
const SLASH = /((?<=[\s"'])\/(?:p|pw|pass):)("[^"]*"|[^\s"']+)/gi;
const BUILDS = /(?<!\w)(?:msbuild|dotnet|xbuild|devenv)(?!\w)/i;
const SQL =
  /(identified[ \t]{1,8}(?:by|(?:with|via)[ \t]{1,8}\w{1,40}[ \t]{1,8}(?:by|as|using))[ \t]{1,8}(?:password[ \t]{0,8})?\(?)('[^']*'|"[^"]*")/gi;
const LINE = /[^\r\n]+/g;

/** Masks passwords that command lines carry without naming them. */
export function maskCommands(text: string): string {
  return text.replace(LINE, maskLine);
}

/** Each part of a line belongs to one program: to the last that was named before it. */
function maskLine(line: string): string {
  const found = [...line.matchAll(PROGRAM)];
  const parts = [line.slice(0, found[0]?.index)];
  found.forEach((one, n) => {
    const part = line.slice(one.index, found[n + 1]?.index);
    const stop = [...part.matchAll(END)].find(([, end]) => end)?.index ?? part.length;
    parts.push(maskArguments(one, part.slice(0, stop)), part.slice(stop));
  });
  const masked = parts.join('').replace(SQL, hide);
  return BUILDS.test(masked) ? masked : masked.replace(SLASH, hide);
}

function maskArguments(found: RegExpExecArray, command: string): string {
  const which = found.slice(1).findIndex(one => one !== undefined);
  const program = PROGRAMS[which];
  if (!program) return maskNetUse(command, found[0]);
  const [, ...values] = program;
  return values.reduce((masked, pattern) => masked.replace(pattern, hide), command);
}

/** `net use [device] [\\server\share] [password] [/flags]`, `net user name password`: what is no device, share or flag. */
function maskNetUse(command: string, name: string): string {
  let words = 0;
  const isUser = /user/i.test(name);
  const rest = command.slice(name.length).replace(/"[^"]*"|\S+/g, word => {
    if (/^(?:"?\\\\|[A-Za-z]:"?$|\*$|\/)/.test(word) || (isUser && words++ === 0)) return word;
    return isNoSecret(word) ? word : marker('password');
  });
  return name + rest;
}

/** The value of a flag with its quotes left where they are; one that closes what began before stays outside. */
function hide(all: string, before: string, value: string): string {
  const [, open = '', inner = '', close = ''] = /^(\\?["']?)([^]*?)(\\?["']?)$/.exec(value) ?? [];
  return isMarker(inner) || isNoSecret(inner) ? all : `${before}${open}${marker('password')}${close}`;
}
