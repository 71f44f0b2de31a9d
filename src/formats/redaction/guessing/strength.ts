import { normalized } from '../../normalized.js';
import { madeByPeople } from './made-by-people.js';

/** In bits: a letter that was drawn, and what its case adds where both are there. */
const LETTER = 4.7;
const CASE = 1;
const DIGIT = 3.3;
const SIGN = 4;
/** A sign that is there already. */
const SAME_SIGN = 1;
/** Two to four letters of one case between other characters: what an abbreviation is worth at most. */
const ABBREVIATION = 8;
/** A word, and each of its letters; all of a text, since people repeat what others have said. */
const WORD = 8;
const LETTER_OF_WORD = 0.8;
const WORDS = 24;
/** A number of two digits, of more, and all of a text: years, dates, telephones. */
const SHORT_NUMBER = 5;
const NUMBER = 7;
const NUMBERS = 10;

/** So many digits of keys and hashes, and of how many kinds and letters at least; what each is worth. */
const HEX = /^[\da-f-]+$/i;
const LEAST_OF_HEX = 28;
const HEX_DIGIT = 3;

/**
 * How many bits of chance a text holds at least, by a conservative estimate (after zxcvbn, USENIX Security 2016): what
 * belongs to words, whatever they are disguised with, to numbers, walks over the keyboard and repetitions counts little,
 * and only so much in all, so that a text of many of them counts no more than that of a few.
 */
export function bitsOf(text: string): number {
  const characters = Array.from(text);
  const folded = characters.map(fold);
  const repeated = repeatedIn(folded);
  const hex = folded.filter((one, n) => one !== '-' && !repeated[n]);
  if (HEX.test(text) && hex.length >= LEAST_OF_HEX && new Set(hex).size >= 10)
    return (
      HEX_DIGIT * hex.filter((one, n) => /[a-f]/.test(one + (hex[n - 1] ?? '') + (hex[n + 1] ?? ''))).length
    );
  const made = madeByPeople(characters, folded);
  const isDrawn = characters.map((_, n) => !made[n] && !repeated[n]);
  return bitsOfWords(made, repeated) + bitsOfRest(characters, folded, isDrawn);
}

function fold(character: string): string {
  if (character <= '\u007F') return character.toLowerCase();
  return Array.from(normalized(character, 'NFD').toLowerCase().replace('ß', 's'))[0] ?? '';
}

/** What has stood there before, three characters and more. */
function repeatedIn(folded: readonly string[]): boolean[] {
  const repeated = folded.map(() => false);
  const seen = new Set<string>();
  for (let n = 0; n + 3 <= folded.length; n++) {
    const three = folded.slice(n, n + 3).join('');
    if (seen.has(three)) repeated.fill(true, n, n + 3);
    seen.add(three);
  }
  return repeated;
}

function bitsOfWords(made: readonly boolean[], repeated: readonly boolean[]): number {
  const isWord = made.map((one, n) => one && !repeated[n]);
  const words = isWord.filter((one, n) => one && !isWord[n - 1]).length;
  return Math.min(WORDS, WORD * words + LETTER_OF_WORD * isWord.filter(Boolean).length);
}

const kindOf = (one = '') => (/[a-z]/.test(one) ? 'letter' : /\d/.test(one) ? 'digit' : 'sign');

function bitsOfRest(
  characters: readonly string[],
  folded: readonly string[],
  isDrawn: readonly boolean[],
): number {
  const drawn = characters.filter((_, n) => isDrawn[n]).join('');
  const letter = /[A-Z]/.test(drawn) && /[a-z]/.test(drawn) ? LETTER + CASE : LETTER;
  const signs = new Set<string>();
  let bits = 0;
  let numbers = 0;
  for (let from = 0, to = 1; from < folded.length; from = to++) {
    const kind = kindOf(folded[from]);
    while (kind !== 'sign' && to < folded.length && kindOf(folded[to]) === kind) to++;
    const count = isDrawn.slice(from, to).filter(Boolean).length;
    if (count === 0) continue;
    if (kind === 'letter') bits += bitsOfLetters(characters.slice(from, to).join(''), count, letter);
    else if (kind === 'digit' && count === 1) bits += DIGIT;
    else if (kind === 'digit') numbers += count === 2 ? SHORT_NUMBER : NUMBER;
    // Letters of other alphabets are those of words.
    else if (!/\p{L}/u.test(folded[from] ?? '')) {
      bits += signs.has(folded[from] ?? '') ? SAME_SIGN : SIGN;
      signs.add(folded[from] ?? '');
    }
  }
  return bits + Math.min(NUMBERS, numbers);
}

function bitsOfLetters(run: string, count: number, letter: number): number {
  const isAbbreviation = /^(?:[a-z]{2,4}|[A-Z]{2,4})$/.test(run);
  return isAbbreviation ? Math.min(ABBREVIATION, count * LETTER) : count * letter;
}
