import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

/** Word lists are ranked by frequency; taken in turn, each word keeps about its rank. */
function interleaved(lists: (string | number)[][]): (string | number)[] {
  const words = new Set<string | number>();
  const longest = Math.max(...lists.map(list => list.length));
  for (let rank = 0; rank < longest; rank++)
    for (const list of lists) {
      const word = list[rank];
      if (word !== undefined) words.add(word);
    }
  return [...words];
}

const { 'passwords-common': passwords = [], ...rest } = { ...common.dictionary, ...english.dictionary };
const isName = (list: string) => /^(first|last)names/.test(list);
const lists = Object.entries(rest);

/**
 * Twenty dictionaries as three, and few l33t variants: the same scores in a tenth of the time, which stands
 * in the way of every credential that is stored.
 */
const zxcvbn = new ZxcvbnFactory({
  dictionary: {
    passwords,
    words: interleaved(lists.filter(([name]) => !isName(name)).map(([, words]) => words)),
    names: interleaved(lists.filter(([name]) => isName(name)).map(([, words]) => words)),
  },
  graphs: common.adjacencyGraphs,
  l33tMaxSubstitutions: 3,
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
