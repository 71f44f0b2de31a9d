import { marker } from './marker.js';
import { maskPhrases } from './phrases.js';
import { NET_USE, PROGRAMS } from './programs.js';
import { hideValue, isNoSecret } from './values.js';

const PROGRAM = new RegExp(
  String.raw`(?<![\w.-])(?:${PROGRAMS.map(([one]) => one).join('|')}|${NET_USE})(?:\.exe|\.py)?(?![\w-])`,
  'gi',
);
const NAMES = PROGRAMS.map(([one]) => new RegExp(String.raw`^(?:${one})(?:\.exe|\.py)?$`, 'i'));
/** Which of the programs has a name; -1 for `net`. One expression that says it as well takes twice as long. */
const known = new Map<string, number>();
/** What ends a command, outside of quotes. */
const END = /"[^"]*"|'[^']*'|([ \t](?:&&|\|\|?)[ \t]|;[ \t])/g;
const SLASH = /((?<=[\s"'])\/(?:p|pw|pass):)("[^"]*"|'[^']*'|[^\s"']+)/gi;
const BUILDS = /(?<!\w)(?:msbuild|dotnet|xbuild|devenv)(?!\w)/i;
const LINE = /[^\r\n]+/g;

/** Masks passwords that command lines, SQL and the configuration of network devices carry without naming them. */
export function maskCommands(text: string): string {
  return maskPhrases(text.replace(LINE, maskLine));
}

/** Each part of a line belongs to one program: to the last that was named before it. */
function maskLine(line: string): string {
  const parts: string[] = [];
  let done = 0;
  PROGRAM.lastIndex = 0;
  for (let found = PROGRAM.exec(line), next; found; found = next) {
    next = PROGRAM.exec(line);
    const part = line.slice(found.index, next?.index);
    const stop = endOf(part);
    parts.push(line.slice(done, found.index), maskArguments(found[0], part.slice(0, stop)));
    done = found.index + stop;
  }
  const masked = parts.length > 0 ? parts.join('') + line.slice(done) : line;
  return BUILDS.test(masked) ? masked : masked.replace(SLASH, hideValue);
}

function endOf(part: string): number {
  END.lastIndex = 0;
  for (let found = END.exec(part); found; found = END.exec(part)) if (found[1]) return found.index;
  return part.length;
}

function maskArguments(name: string, command: string): string {
  const program = PROGRAMS[placeOf(name)];
  if (!program) return maskNetUse(command, name);
  const [, ...values] = program;
  return values.reduce((masked, pattern) => masked.replace(pattern, hideValue), command);
}

function placeOf(name: string): number {
  const place = known.get(name) ?? NAMES.findIndex(one => one.test(name));
  if (known.size < 200 && name.length < 32) known.set(name, place);
  return place;
}

/** `net use [device] [\\server\share] [password] [/flags]`, `net user name password`: three words that are no device, share or flag. */
function maskNetUse(command: string, name: string): string {
  let words = /user/i.test(name) ? 0 : 1;
  const rest = command.slice(name.length).replace(/"[^"]*"|\S+/g, word => {
    if (words > 3 || /^(?:"?\\\\|[A-Za-z]:"?$|\*$|\/)/.test(word)) return word;
    return ++words === 1 || isNoSecret(word) ? word : marker('password');
  });
  return name + rest;
}
