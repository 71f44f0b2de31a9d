import { marker } from './marker.js';
import { maskPhrases } from './phrases.js';
import { type Announced, NET_USE, PROGRAMS } from './programs.js';
import { goesOn, isCalled, isDefault, isJoined, isPlain, isProse } from './sentences.js';
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
    const at = found.index;
    const masked = maskArguments(found[0], part.slice(0, stop), () => isCalled(line, at));
    parts.push(line.slice(done, at), masked);
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

function maskArguments(name: string, command: string, isCall: () => boolean): string {
  const program = PROGRAMS[placeOf(name)];
  if (!program) return maskNetUse(command, name, isCall);
  const [, ...values] = program;
  return values.reduce((masked, value) => maskValue(masked, value, isCall), command);
}

function maskValue(command: string, how: RegExp | Announced, isCall: () => boolean): string {
  const announced = how instanceof RegExp ? undefined : how;
  const pattern = how instanceof RegExp ? how : how.pattern;
  return command.replace(pattern, (all: string, before: string, value: string, at: number, text: string) => {
    const after = text.slice(at + all.length, at + all.length + 48);
    const isLast = () => !goesOn(after);
    // What a flag or a sign is joined to is no word of a sentence.
    const isApart = /\s$/.test(before);
    const isSaid = isApart && isProse(value);
    const isWord = announced
      ? isSaid || isAnnouncement(announced, value, text, isCall, isLast)
      : (isSaid && !(isCall() && isLast())) || (isApart && isPlain(value) && isJoined(after));
    return isWord ? all : hideValue(all, before, value);
  });
}

/** Whether only words stand where an announced value would. */
function isAnnouncement(
  { takesIt }: Announced,
  value: string,
  command: string,
  isCall: () => boolean,
  isLast: () => boolean,
): boolean {
  if (/^\d{1,3}$/.test(value)) return true;
  if (!isPlain(value)) return value.length < 4 && !isCall();
  if (isDefault(value) && isLast()) return false;
  return !isCall() || !(takesIt ? takesIt(command) : isLast());
}

function placeOf(name: string): number {
  const place = known.get(name) ?? NAMES.findIndex(one => one.test(name));
  if (known.size < 200 && name.length < 32) known.set(name, place);
  return place;
}

/** A device, a share, a flag, a question for the password: none of them is one. */
const NO_PASSWORD = /^(?:"?\\\\|[A-Za-z]:"?$|\*$|\/)/;

/**
 * `net use [device] [\\server\share] [password] [/flags]`, `net user name password`: up to three words that are no
 * device, share or flag. Without one of these it is a command only where it is called with no more words than it takes.
 */
function maskNetUse(command: string, name: string, isCall: () => boolean): string {
  const isUser = /user/i.test(name);
  const [, rest = '', redirected = ''] = REDIRECTED.exec(command.slice(name.length)) ?? [];
  // What follows the flags of `net user` may be the rest of a sentence; they may as well stand first.
  const [, head = rest] = (isUser && /^([ \t]+[^\s/][^]*?)[ \t]\/[A-Za-z]/.exec(rest)) || [];
  const count = (head.match(WORD) ?? []).filter(word => !NO_PASSWORD.test(word)).length;
  const isMarked = (isUser ? /(?:^|\s)\// : /\\\\|(?:^|\s)[A-Za-z]:(?:\s|$)/).test(rest);
  const isCommand = (isMarked && count < 4) || (isUser && count === 2 && isCall());
  let words = isUser ? 0 : 1;
  const masked = head.replace(WORD, word => {
    if (NO_PASSWORD.test(word) || ++words === 1 || isNoSecret(word)) return word;
    const isSecret = isCommand ? !isProse(word) : isUser && words === 2 && word.length > 5 && !isPlain(word);
    return isSecret ? marker('password') : word;
  });
  return name + masked + rest.slice(head.length) + redirected;
}

const WORD = /(?:"[^"]*"|\S)+/g;
/** What a shell reads, and from where it sends something elsewhere or does something else. */
const REDIRECTED = /^([^]*?)([ \t](?:\d?[<>]|[&|])[^]*)?$/;
