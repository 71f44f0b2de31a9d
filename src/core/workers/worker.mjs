// @ts-check
// The thread behind `Workers`. Plain JavaScript, so that it is the same file in the build and under a test runner;
// the lint checks its types.
import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';
import bcrypt from 'bcryptjs';

/**
 * Word lists are ranked by frequency; taken in turn, each word keeps about its rank.
 *
 * @param {(string | number)[][]} lists
 */
function interleaved(lists) {
  /** @type {Set<string | number>} */
  const words = new Set();
  const longest = Math.max(...lists.map(list => list.length));
  for (let rank = 0; rank < longest; rank++)
    for (const list of lists) {
      const word = list[rank];
      if (word !== undefined) words.add(word);
    }
  return [...words];
}

const { 'passwords-common': passwords = [], ...rest } = { ...common.dictionary, ...english.dictionary };
/** @param {string} list */
const isName = list => /^(first|last)names/.test(list);
const lists = Object.entries(rest);

/** Twenty dictionaries as three, and few l33t variants: the same scores in a tenth of the time. */
const zxcvbn = new ZxcvbnFactory({
  dictionary: {
    passwords,
    words: interleaved(lists.filter(([name]) => !isName(name)).map(([, words]) => words)),
    names: interleaved(lists.filter(([name]) => isName(name)).map(([, words]) => words)),
  },
  graphs: common.adjacencyGraphs,
  l33tMaxSubstitutions: 3,
});

/** How many characters are looked at: what is hard already is not made easy by more of them. */
const LENGTHS = [32, 100];

/**
 * @param {string} password
 * @param {string[]} known
 * @returns {0 | 1 | 2 | 3 | 4}
 */
function score(password, known) {
  /** @type {0 | 1 | 2 | 3 | 4} */
  let best = 0;
  for (const length of LENGTHS) {
    best = zxcvbn.check(password.slice(0, length), known).score;
    if (best === 4 || password.length <= length) break;
  }
  return best;
}

/** By name; `workers.ts` declares what each takes and gives. */
const tasks = {
  /**
   * Words of what is known of the user (name, address) are worth nothing: what is left without them must be hard too.
   *
   * @param {{ password: string, known: string[] }} input
   */
  passwordScore({ password, known }) {
    const words = known
      .flatMap(text => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
      .filter(word => word.length > 3);
    const start = password.slice(0, 1000).toLowerCase();
    const rest = words.reduce((left, word) => left.replaceAll(word, ''), start);
    const whole = score(password, known);
    return rest.length === start.length ? whole : Math.min(whole, score(rest, known));
  },

  /** @param {{ password: string, hash: string }} input */
  bcryptMatches: ({ password, hash }) => bcrypt.compareSync(password, hash),
};

parentPort?.on('message', ({ task, input }) => {
  const began = performance.now();
  /** @type {{ output?: unknown, failed?: boolean }} */
  let answer;
  try {
    answer = { output: tasks[/** @type {keyof typeof tasks} */ (task)](input) };
  } catch {
    // What went wrong may hold what was handed in.
    answer = { failed: true };
  }
  parentPort?.postMessage({ ...answer, took_ms: performance.now() - began });
});
parentPort?.postMessage('ready');
