import stemOf from 'wink-porter2-stemmer';
import { LRUCache } from 'lru-cache';
import { STOP_WORDS } from './stop-words.js';
import { normalized } from '../../formats/normalized.js';

/** Of one text no more than this is read. */
const MOST_CHARACTERS = 65_536;
/** The longest identifier that is known by all of its characters; of a longer one the beginning counts. */
const MOST_OF_NAME = 120;
/** Longest word; longer ones (encoded data) are no words. */
const MOST_OF_WORD = 40;

/**
 * Words and identifiers: letters, marks and digits, joined by what joins them in hosts, addresses, paths, tickets,
 * versions and names of code. The parts exclude each other, so that matching takes linear time.
 */
const PIECES = /[\p{L}\p{N}\p{M}]+(?:[._\-/:@\\#+]{1,2}[\p{L}\p{N}\p{M}]+)*/gu;
const JOINTS = /[._\-/:@\\#+]+/;
const HUMPS = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

const stems = new LRUCache<string, string>({ max: 20_000 });

/** What a text is found by. */
export interface Terms {
  /** Stems of its words in their order, each as often as it is there; stop words are left out. */
  words: string[];
  /** Exact names, each once: hosts, addresses, paths, tickets, versions, and whatever else has digits or joints. */
  names: string[];
}

/**
 * The terms of a text: folded to NFKD without marks and to lower case; words are stemmed (Porter2, as the Snowball
 * project describes it), identifiers are kept whole and by their parts. Takes linear time; of a text the first 65,536
 * characters count.
 */
export function termsOf(text: string): Terms {
  const words: string[] = [];
  const names = new Set<string>();
  for (const [piece] of fold(text.slice(0, MOST_CHARACTERS)).matchAll(PIECES)) {
    const parts = piece.split(JOINTS);
    if (parts.length > 1 || isNumbered(piece)) addNames(names, piece, parts);
    for (const part of parts) addWords(words, part);
  }
  return { words, names: [...names] };
}

/**
 * Without marks (é is e), compatible forms as one (ﬁ is fi), `n't` as the word it stands for; case is kept, since it
 * tells where the words of a name begin.
 */
function fold(text: string): string {
  return normalized(text, 'NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/n['’]t(?!\p{L})/gu, ' not');
}

const isNumbered = (piece: string) => /\p{N}/u.test(piece) && (piece.length > 2 || /\p{L}/u.test(piece));

/** The whole, and what people call it by: a host without its domain or port, the file of a path, a numbered part. */
function addNames(names: Set<string>, piece: string, parts: string[]): void {
  const isPath = /[/\\]/.test(piece);
  const short = isPath ? [piece.split(/[/\\]+/).at(-1)] : [piece.split(/[@:]/)[0], piece.split(/[.@:]/)[0]];
  const numbered = parts.length > 1 ? parts.filter(part => isNumbered(part) && /\p{L}/u.test(part)) : [];
  for (const name of [piece, ...short, ...numbered])
    if (name !== undefined && name.length > 2 && (name === piece || /\p{L}|\./u.test(name)))
      names.add(name.slice(0, MOST_OF_NAME).toLowerCase());
}

function addWords(words: string[], part: string): void {
  if (part.length > MOST_OF_WORD) return;
  const humps = part.split(HUMPS);
  for (const one of humps.length > 1 ? [part, ...humps] : humps) {
    const word = one.toLowerCase();
    if (!STOP_WORDS.has(word) && !/^[a-z]$/.test(word)) words.push(stem(word));
  }
}

function stem(word: string): string {
  if (!/^[a-z]{3,}$/.test(word)) return word;
  const known = stems.get(word) ?? stemOf(word);
  stems.set(word, known);
  return known;
}
