import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
});

const score = (password: string, known: string[]) => zxcvbn.check(password.slice(0, 100), known).score;

/**
 * How hard a password is to guess: zxcvbn's score, 0 (at once) to 4; only its first 100 characters count. Words of
 * what is known of the user (name, address) are worth nothing: what is left without them must be hard as well.
 */
export function passwordScore(password: string, known: string[] = []): 0 | 1 | 2 | 3 | 4 {
  const words = known
    .flatMap(text => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter(word => word.length > 3);
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), password.toLowerCase());
  const whole = score(password, known);
  return rest.length === password.length ? whole : (Math.min(whole, score(rest, known)) as 0 | 1 | 2 | 3 | 4);
}
