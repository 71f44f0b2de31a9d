import { randomInt } from 'node:crypto';
import { ValidationError } from '../../../core/context/errors.js';

/** Without the signs that people confuse (0 O, 1 l I). */
const CLASSES = {
  lower: 'abcdefghijkmnopqrstuvwxyz',
  upper: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  digits: '23456789',
  symbols: '!#$%&()*+,-./:;<=>?@[]^_{}~',
} as const;
export type CharacterClass = keyof typeof CLASSES;
export const CHARACTER_CLASSES = Object.keys(CLASSES) as CharacterClass[];

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aeiou';

export interface Generated {
  value: string;
  /** Bits of entropy of the way it was made. */
  entropy_bits: number;
}

const pick = (signs: string) => signs.charAt(randomInt(signs.length));

/** Random text with at least one sign of each class; every sign is drawn by the system's generator. */
export function generatePassword(length: number, classes: readonly CharacterClass[]): Generated {
  if (classes.length === 0 || length < classes.length)
    throw ValidationError.of('length', 'is too short for these classes', 'min');
  const alphabet = classes.map(one => CLASSES[one]).join('');
  for (;;) {
    const value = Array.from({ length }, () => pick(alphabet)).join('');
    // Drawing anew keeps every allowed text equally likely; fixing places would not.
    if (classes.every(one => [...CLASSES[one]].some(sign => value.includes(sign))))
      return { value, entropy_bits: Math.floor(length * Math.log2(alphabet.length)) };
  }
}

/** Pronounceable words of three syllables, joined by dashes: about 19 bits each. */
export function generateWords(count: number): Generated {
  const syllable = () => pick(CONSONANTS) + pick(VOWELS);
  const value = Array.from({ length: count }, () => syllable() + syllable() + syllable()).join('-');
  return { value, entropy_bits: Math.floor(count * 3 * Math.log2(CONSONANTS.length * VOWELS.length)) };
}
