import { holdsOne } from './hints.js';
import { isInMarker, isMarker, marker } from './marker.js';
import { quotedAt, type Word, wordAt, wordBefore } from './prose-reading.js';
import { isChosenWord, isCode, isLongWord, isSignedWord, isStrongWord } from './prose-values.js';
import { ANNOUNCED, AS, BELONGS, CHANGED, CHANGES, DOORS, FILLERS, IN_ANNOUNCED, JOINS, LABELS, ON, OTHER_THINGS, SAYS } from './prose-words.js'; // prettier-ignore
import { read, type Span } from './spans.js';

type Test = (word: string) => boolean;
interface Kind {
  /** What stands in the marker. */
  name: string;
  /** What a word must be that is said to be the secret, and one that just follows. */
  isTold: Test;
  isNext: Test;
}
const never = () => false;
/** In the order of the groups of `ANNOUNCED`. */
const LOGIN: Kind = { name: 'password', isTold: never, isNext: never };
const CODE: Kind = { name: 'pin', isTold: isCode, isNext: isCode };
const KINDS: Kind[] = [
  { name: 'password', isTold: isChosenWord, isNext: isStrongWord },
  LOGIN,
  CODE,
  { name: 'secret', isTold: isLongWord, isNext: never },
];

/** Six words between what announces a secret and what says it, and what fills. */
const MOST_WORDS = 10;
const BEHIND = /(?:['’]s)?["'`*_)\]”“»‘’]{0,4}/y;
const SIGN = /[ \t]{0,2}[:=]["'`*_]{0,3}(?=\s)/y;
/** Behind the name of an account: `root:X`, `admin / X`. */
const JOINT = /(?:[ \t]{0,2}[/|][ \t]{0,2}|:)(?=\S)/y;
/** The end of a sentence, or a word that announces a password itself. */
const ENDS = /[.!?;]$|(?<![a-z])(?:pw|pass|psk)$|(?:password|passwort|kennwort)$/;
const WORTH = /\d|[!@#$%^*§€]/;

/** Passwords, logins and codes that sentences tell: "the password of the NAS is …", "login admin / …", "door code …". */
export function maskProse(text: string, lower: string): string {
  if (!WORTH.test(lower) || !holdsOne(lower, IN_ANNOUNCED)) return text;
  const announced = ANNOUNCED();
  const spans: (Span & { kind: string })[] = [];
  announced.lastIndex = 0;
  for (let found = announced.exec(text); found; found = announced.exec(text)) {
    if (isInMarker(text, found.index)) continue;
    const kind = KINDS[found.slice(1).findIndex(one => one !== undefined)] ?? CODE;
    const end = found.index + found[0].length;
    const told = [toldBefore(text, found.index, end, kind), toldBehind(text, found.index, end, kind)];
    for (const span of told) if (span) spans.push({ start: span.start, end: span.end, kind: kind.name });
  }
  return spans.length > 0 ? hidden(text, spans) : text;
}

function hidden(text: string, spans: (Span & { kind: string })[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, kind } of spans.sort((a, b) => a.start - b.start)) {
    if (start < done) continue;
    parts.push(text.slice(done, start), marker(kind));
    done = end;
  }
  return parts.join('') + text.slice(done);
}

/** "Use X as the password", "X is the password". */
function toldBefore(text: string, at: number, end: number, { isTold }: Kind): Span | undefined {
  const before = text.slice(Math.max(0, at - 80), at);
  const how = AS.exec(before);
  const value = how ? wordBefore(text, at - before.length + how.index) : undefined;
  if (!value || !isSecret(value, isTold)) return undefined;
  return OTHER_THINGS.has(wordAt(text, end)?.bare.toLowerCase() ?? '') ? undefined : value;
}

const isSecret = ({ bare }: Word, test: Test) => !isMarker(bare) && test(bare);

/** Reads the words behind what announces a secret, until one is it or the sentence ends. */
function toldBehind(text: string, from: number, end: number, kind: Kind): Span | undefined {
  if (!WORTH.test(text.slice(end, end + 240))) return undefined;
  const closed = end + read(BEHIND, text, end).length;
  const sign = read(SIGN, text, closed);
  const joint = kind === LOGIN ? read(JOINT, text, closed) : '';
  const joined = joint ? wordAt(text, closed + joint.length) : undefined;
  if (joined && isSecret(joined, isSignedWord)) return joined;
  if (!sign && !/[\s,]/.test(text.charAt(closed))) return undefined;
  const first = wordAt(text, closed + sign.length);
  if (!first || OTHER_THINGS.has(first.bare.toLowerCase())) return undefined;
  const announced = { text, from, end, kind, first, isNamed: sign !== '', isApart: false };
  let test = sign ? kind.isTold : kind.isNext;
  let word: Word | undefined = first;
  for (let n = 0; word && n < MOST_WORDS; n++) {
    const value = isMarker(word.bare) ? undefined : valueOf(word, test, announced);
    if (value || isMarker(word.bare)) return value;
    const isFilled = n > 0 && test === kind.isTold && FILLERS.has(word.said);
    if (!isFilled || CHANGES.has(word.said)) test = testAfter(word, n, announced);
    if (ENDS.test(word.said)) return undefined;
    if (JOINS.has(word.said) || word.said.endsWith(',')) announced.isApart = true;
    word = wordAt(text, word.next, n > 0 && test !== never);
  }
  return undefined;
}

interface Announced {
  text: string;
  /** Where what announces it begins and ends. */
  from: number;
  end: number;
  kind: Kind;
  first: Word;
  /** Whether something said that what follows is it. */
  isNamed: boolean;
  /** Whether another part of the sentence began. */
  isApart: boolean;
}

function valueOf(
  word: Word,
  test: Test,
  { text, end, kind, isApart, isNamed, from }: Announced,
): Span | undefined {
  if (kind === LOGIN) {
    const joined = joinedIn(word, isNamed);
    if (joined) return joined;
  }
  // Codes are of many things.
  if (kind === CODE && /^codes?$/i.test(text.slice(from, end)) && !DOORS.test(text.slice(end, word.start)))
    return undefined;
  const quoted = test === never ? undefined : quotedAt(text, word);
  if (
    quoted &&
    text
      .slice(quoted.start, quoted.end)
      .split(' ')
      .some(one => isSignedWord(one))
  )
    return quoted;
  return isSecret(word, isApart && test === isChosenWord ? isStrongWord : test) ? word : undefined;
}

/** `admin/X` and `admin:X` behind what announces a login. */
function joinedIn({ bare, start, end }: Word, isNamed: boolean): Span | undefined {
  const [name] = /^[\w.@+-]{1,64}[/:](?=[^/\\]+$)/.exec(bare) ?? [];
  const test = isNamed ? isStrongWord : isSignedWord;
  return name && test(bare.slice(name.length)) ? { start: start + name.length, end } : undefined;
}

/** What the next word must be to be the secret, after this one. */
function testAfter(word: Word, n: number, announced: Announced): Test {
  const { text, from, kind, first } = announced;
  const { said } = word;
  if (SAYS.has(said)) {
    announced.isNamed = true;
    return kind.isTold;
  }
  if (kind === LOGIN) {
    if (said === '/' && n > 0) return announced.isNamed ? isChosenWord : isStrongWord;
    return ON.has(said) || (announced.isNamed && n === 0) ? isSignedWord : never;
  }
  if (CHANGES.has(said) && CHANGED().test(text.slice(Math.max(0, from - 60), word.start))) return kind.isTold;
  if (ON.has(said) && kind !== CODE) return isSignedWord;
  if (!said.endsWith(':') || LABELS.has(said)) return never;
  if (BELONGS.has(first.said)) return kind.isTold;
  return n === 0 ? kind.isNext : never;
}
