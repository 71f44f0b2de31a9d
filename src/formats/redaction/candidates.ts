import { bitsOf } from './guessing/strength.js';
import { isMarker } from './marker.js';

/** What is shorter is too often an ordinary word or number. */
export const LEAST_OF_SECRET = 8;
/** What is longer is known by its shape (keys, certificates), or is no word. */
const MOST_OF_SECRET = 512;
/** Of a text, and of many texts together, no more are looked for. */
export const MOST_CANDIDATES = 50_000;

/** Words between spaces and line ends. */
const WORDS = /\S+/g;
/** What stands between quotes of one kind on one line. */
const QUOTED = /"([^"\n]{8,512})"|'([^'\n]{8,512})'|`([^`\n]{8,512})`/g;
const EDGES = new Set([...'"\'`()[]{}<>,;:.!?=|*_«»„“”‘’']);
const DELIMITERS = /[=:,;|&"'`<>()[\]{}]+/;
/** What people join a secret with: accounts, paths, names and numbers; and what nobody sees. */
const JOINING = /[\p{Cf}/\\%@+#$~_.-]/gu;
/** From either end of a word, what stands behind so many joints and before them is looked at, whatever joins the rest. */
const JOINTS = 4;
/** Letters alone, the first perhaps a capital: an ordinary word. */
const PLAIN_WORD = /^\p{L}\p{Ll}*$/u;

/**
 * What in a text may be a secret as somebody keeps it: words as they stand, without the punctuation around them, between
 * what delimits, and without what they are joined with; what stands between quotes; whole lines, and what follows the
 * first `:` or `=` of one, so that secrets of several words are found where they stand alone. Nothing of fewer than 8
 * characters, and no ordinary words. Takes time in proportion to the length.
 */
export function candidatesIn(text: string, found = new Set<string>()): Set<string> {
  for (const [word] of text.matchAll(WORDS)) {
    if (found.size >= MOST_CANDIDATES) return found;
    add(found, word);
    const bare = withoutEdges(word);
    if (bare !== word) add(found, bare);
    if (word.length > 4 * MOST_OF_SECRET) continue;
    const parts = DELIMITERS.test(bare) ? bare.split(DELIMITERS) : [];
    const at = bare.search(/[=:]/);
    if (at !== -1) parts.push(withoutEdges(bare.slice(at + 1)));
    for (const part of parts) add(found, part);
    for (const part of new Set([bare, word, ...parts])) addJoined(found, part);
  }
  for (const [, ...parts] of text.matchAll(QUOTED)) add(found, parts.find(part => part !== undefined) ?? '');
  for (const raw of text.split('\n')) {
    if (raw.length > 4 * MOST_OF_SECRET || found.size >= MOST_CANDIDATES) continue;
    const row = raw.trim();
    if (!row.includes(' ')) continue;
    add(found, row);
    const at = row.search(/[=:]\s/);
    if (at !== -1) add(found, row.slice(at + 1).trim());
  }
  return found;
}

/** Whether a text can be masked wherever it stands and sentences stay what they are: it is not short, and no ordinary word. */
export function isDistinct(text: string): boolean {
  return text.length >= LEAST_OF_SECRET && !PLAIN_WORD.test(text) && !isMarker(text);
}

function add(found: Set<string>, text: string): void {
  if (text.length <= MOST_OF_SECRET && isDistinct(text)) found.add(text);
}

/** What is between signs of one kind, and what is left without a few of any at the beginning and at the end. */
function addJoined(found: Set<string>, text: string): void {
  if (text.length < LEAST_OF_SECRET) return;
  const joints = Array.from(text.matchAll(JOINING), ({ 0: sign, index }) => ({ sign, index }));
  for (const sign of new Set(joints.map(one => one.sign)))
    for (const part of text.split(sign)) {
      add(found, part);
      add(found, withoutEdges(part));
      const ending = part.lastIndexOf('.');
      if (ending > 0) add(found, part.slice(0, ending));
    }
  const last = joints.slice(-JOINTS);
  for (const { sign, index } of [{ sign: '', index: 0 }, ...joints.slice(0, JOINTS)]) {
    const from = index + sign.length;
    add(found, text.slice(from));
    for (const { index: to } of last) if (to > from) add(found, text.slice(from, to));
  }
}

function withoutEdges(word: string): string {
  let from = 0;
  let to = word.length;
  while (from < to && EDGES.has(word.charAt(from))) from++;
  while (to > from && EDGES.has(word.charAt(to - 1))) to--;
  return word.slice(from, to);
}

/** What nobody enumerates, nor comes to by trying what people make up. */
const LEAST_BITS = 60;
const LEAST_OF_RANDOM = 12;
/** From one class of characters to another in so many of the places between two: words and years do not. */
const CHANGES = 0.4;
/** Keys and hashes. */
const HEX = /^[\da-f-]{28,}$/i;

/**
 * Whether nobody comes to a text by guessing: at least 60 bits by a conservative estimate, in characters that take turns
 * as those of generated secrets do. To whoever writes one of these it tells nothing new that it is a secret: he has it
 * already.
 */
export function isHardToGuess(text: string): boolean {
  if (text.length < LEAST_OF_RANDOM) return false;
  return (HEX.test(text) || takesTurns(text)) && bitsOf(text) >= LEAST_BITS;
}

function takesTurns(text: string): boolean {
  const classes = Array.from(text, classOf);
  const changes = classes.filter((one, n) => n > 0 && one !== classes[n - 1]).length;
  return changes >= CHANGES * (classes.length - 1);
}

function classOf(character: string): number {
  if (/\p{Ll}/u.test(character)) return 1;
  if (/\p{Lu}/u.test(character)) return 2;
  return /\p{N}/u.test(character) ? 3 : 4;
}
