import { beginningsOf, holdsOne, lazily } from './hints.js';
import { marker } from './marker.js';
import { maskPhrases } from './phrases.js';
import { NET_USE, PROGRAMS, type Value } from './programs.js';
import { goesOn, isCalled, isDefault, isJoined, isPlain, isProse } from './sentences.js';
import { hideValue, isNoSecret } from './values.js';

const PROGRAM = lazily(
  () =>
    new RegExp(
      String.raw`(?<![\w.-])(?:${PROGRAMS.map(one => one.program).join('|')}|${NET_USE})(?:\.exe|\.py)?(?![\w-])`,
      'gi',
    ),
);
const NAMES = lazily(() =>
  PROGRAMS.map(one => new RegExp(String.raw`^(?:${one.program})(?:\.exe|\.py)?$`, 'i')),
);
/** In lower case, what programs begin with, and what must stand beside them. */
const HINTS = lazily(() => [
  ...PROGRAMS.map(({ program, values }) => ({
    names: beginningsOf(program),
    hints: () => values().map(({ hint }) => hint),
  })),
  { names: ['net ', 'net\t', 'net.exe'], hints: () => ['us'] },
]);
/** In longer texts the pattern of all programs is faster than a look for each of them. */
const MOST_LOOKED_THROUGH = 1_000;
/** Which of the programs has a name; -1 for `net`. One expression that says it as well takes twice as long. */
const known = new Map<string, number>();
/** What ends a command, outside of quotes. */
const END = /"[^"]*"|'[^']*'|([ \t](?:&&|\|\|?)[ \t]|;[ \t])/g;
const SLASH = /((?<=[\s"'])\/(?:p|pw|pass):)("[^"]*"|'[^']*'|[^\s"']+)/gi;
const BUILDS = /(?<!\w)(?:msbuild|dotnet|xbuild|devenv)(?!\w)/i;
const LINE = /[^\r\n]+/g;

/** Masks passwords that command lines, SQL and the configuration of network devices carry without naming them. */
export function maskCommands(text: string, lower: string): string {
  const isWorth = lower.includes('/p') || namesProgram(lower);
  return maskPhrases(isWorth ? text.replace(LINE, maskLine) : text, lower);
}

function namesProgram(lower: string): boolean {
  if (lower.length > MOST_LOOKED_THROUGH) return true;
  return HINTS().some(
    ({ names, hints }) => names.some(name => standsIn(lower, name)) && holdsOne(lower, hints()),
  );
}

/** Whether a name stands there, and not within a word; what was another letter than `k` may have become one. */
function standsIn(lower: string, name: string): boolean {
  let at = lower.indexOf(name);
  while (at > 0 && /[a-jl-z\d_.-]/.test(lower.charAt(at - 1))) at = lower.indexOf(name, at + 1);
  return at !== -1;
}

/** Each part of a line belongs to one program: to the last that was named before it. */
function maskLine(line: string): string {
  const parts: string[] = [];
  let done = 0;
  const program = PROGRAM();
  program.lastIndex = 0;
  for (let found = program.exec(line), next; found; found = next) {
    next = program.exec(line);
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
  return program.values().reduce((masked, value) => maskValue(masked, value, isCall), command);
}

function maskValue(command: string, how: Value, isCall: () => boolean): string {
  return command.replace(
    how.pattern(),
    (all: string, before: string, value: string, at: number, text: string) => {
      const after = text.slice(at + all.length, at + all.length + 48);
      const isLast = () => !goesOn(after);
      // What a flag or a sign is joined to is no word of a sentence.
      const isApart = /\s$/.test(before);
      const isSaid = isApart && isProse(value);
      const isWord = how.isAnnounced
        ? isSaid || isAnnouncement(how, value, text, isCall, isLast)
        : (isSaid && !(isCall() && isLast())) || (isApart && isPlain(value) && isJoined(after));
      return isWord ? all : hideValue(all, before, value);
    },
  );
}

/** Whether only words stand where an announced value would. */
function isAnnouncement(
  { takesIt }: Value,
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
  const place = known.get(name) ?? NAMES().findIndex(one => one.test(name));
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
