import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
});

/** How hard a password is to guess: zxcvbn's score, 0 (at once) to 4; only its first 100 characters count. */
export function passwordScore(password: string, known: string[] = []): 0 | 1 | 2 | 3 | 4 {
  return zxcvbn.check(password.slice(0, 100), known).score;
}
