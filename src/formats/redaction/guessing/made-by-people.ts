import { isCommon } from './trigrams.js';

/** What people write in the place of letters; of two readings of a sign this is the first. */
const READ_AS: Record<string, string> = {
  4: 'a', '@': 'a', 8: 'b', '(': 'c', 3: 'e', '€': 'e', 6: 'g', 9: 'g', 1: 'i', '!': 'i', '|': 'i', 0: 'o', 5: 's', $: 's', 7: 't', '+': 't', 2: 'z',
}; // prettier-ignore
const READ_AS_TOO: Record<string, string> = { ...READ_AS, 1: 'l', '!': 'l', '|': 'l' };

/** Parts of names of companies and machines, which have no letters of words. */
const SHORT_WORDS = new Set(
  'gmbh kg ag ltd llc inc dc sql fw vpn rdp ssh srv wlan lan nas ad db hv esx it pw pwd adm usr tmp api aws ip dns ftp sftp smtp msp html xml pdf'.split(
    ' ',
  ),
);
const PARTS = /GmbH|[A-Z]?[a-z]+|[A-Z]+/g;

/** The keys of a keyboard by row, without shift and with it. */
const ROWS = ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,./', '~!@#$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:"', 'ZXCVBNM<>?']; // prettier-ignore
const KEYS = new Map(
  ROWS.flatMap((row, n) => Array.from(row, (key, x) => [key, { x: x - (n % 4 ? 0 : 1), y: n % 4 }] as const)),
);
const LEAST_OF_WALK = 4;

/** A letter and where it stands; -1 in the place of what is none. */
type Reading = { letter: number; at: number }[];

/**
 * Which characters belong to what people make up: words, also with digits and signs in the place of letters, backwards,
 * or with others between their letters; walks over the keyboard; the alphabet.
 *
 * @param characters as they stand
 * @param folded the same in lower case, without accents
 */
export function madeByPeople(characters: readonly string[], folded: readonly string[]): boolean[] {
  const made = characters.map(() => false);
  const read = (as: Record<string, string>): Reading =>
    folded.map((one, at) => ({ letter: letterOf(one >= 'a' && one <= 'z' ? one : as[one]), at }));
  const first = read(READ_AS);
  for (const reading of [first, read(READ_AS_TOO)]) markWords(reading, 2, true, made);
  markWords(first.toReversed(), 4, true, made);
  const apart = (signs: RegExp) => first.filter(({ at }) => !signs.test(folded[at] ?? ''));
  for (const reading of [apart(/[^a-z\d]/), apart(/[^a-z]/)]) markWords(reading, 4, false, made);
  markShortWords(characters.join(''), made);
  const code = (at: number) => folded[at]?.codePointAt(0) ?? 0;
  markRuns(made, at => areNear(characters[at - 1], characters[at]));
  markRuns(made, at => code(at) - code(at - 1) === 1);
  markRuns(made, at => code(at - 1) - code(at) === 1);
  return made;
}

function letterOf(text = ''): number {
  return text === '' ? -1 : text.charCodeAt(0) - 97;
}

/** @param least so many common threes in a row are a word; fewer, too, where nothing else stands beside it */
function markWords(reading: Reading, least: number, alone: boolean, made: boolean[]): void {
  const letter = (n: number) => reading[n]?.letter ?? -1;
  for (let n = 0, from = 0; n <= reading.length; n++) {
    const isWithin = letter(n) >= 0 && letter(n + 1) >= 0 && letter(n + 2) >= 0;
    if (isWithin && isCommon(letter(n), letter(n + 1), letter(n + 2))) continue;
    const isAlone = alone && n > from && letter(from - 1) < 0 && letter(n + 2) < 0;
    if (n - from >= least || isAlone) for (const { at } of reading.slice(from, n + 2)) made[at] = true;
    from = n + 1;
  }
}

function markShortWords(text: string, made: boolean[]): void {
  for (const { 0: part, index } of text.matchAll(PARTS))
    if (SHORT_WORDS.has(part.toLowerCase())) made.fill(true, index, index + part.length);
}

/** @param goesOn whether the character at a place goes on with what the one before it belongs to */
function markRuns(made: boolean[], goesOn: (at: number) => boolean): void {
  for (let at = 1, from = 0; at <= made.length; at++) {
    if (at < made.length && goesOn(at)) continue;
    if (at - from >= LEAST_OF_WALK) made.fill(true, from, at);
    from = at;
  }
}

function areNear(before = '', after = ''): boolean {
  const from = KEYS.get(before);
  const to = KEYS.get(after);
  if (!from || !to) return false;
  const [x, y] = [to.x - from.x, to.y - from.y];
  return (y === 0 && Math.abs(x) <= 1) || (Math.abs(y) === 1 && (x === 0 || x === -y));
}
